"""The part of the client that is about figures: what was made, spent and kept."""

from collections.abc import Sequence

from cli.connection import Connection, Json


class FiguresClient(Connection):
    """Analytics, and stored speech."""

    async def stats(self, what: str, **query: str) -> Json:
        """Return figures: summary, usage, trends, providers, errors or preferences."""
        return await self._json("GET", f"/v1/analytics/{what}", params=query)

    async def cache_stats(self) -> Json:
        """Return what speech is kept, and how often that helped."""
        return await self._json("GET", "/v1/cache/stats")

    async def similar(self, text: str, *, threshold: float = 0.5) -> Json:
        """Return segments of your own jobs that are like a text."""
        params = {"text": text, "threshold": threshold}
        return await self._json("GET", "/v1/cache/similar", params=params)

    async def preload(self, voice: str, texts: Sequence[str]) -> Json:
        """Have phrases spoken in advance; return the jobs that do it."""
        body = {"voice": voice, "texts": list(texts)}
        return await self._json("POST", "/v1/cache/preload", json=body)

    async def clear_cache(self) -> Json:
        """Have stored speech removed. Admins only."""
        return await self._json("DELETE", "/v1/cache")

    async def system(self) -> Json:
        """Return how the whole stands. Admins only."""
        return await self._json("GET", "/v1/admin/system")

    async def processes(self) -> Json:
        """Return the processes of all services. Admins only."""
        return await self._json("GET", "/v1/admin/processors")

    async def restart(self, service: str, process_id: str | None = None) -> Json:
        """Have the processes of a service restarted, or one; return them. Admins only."""
        body = {"process_id": process_id}
        return await self._json("POST", f"/v1/admin/processors/{service}/restart", json=body)

    async def scaling(self) -> Json:
        """Return how many processes each service should have, and why. Admins only."""
        return await self._json("GET", "/v1/admin/scaling")
