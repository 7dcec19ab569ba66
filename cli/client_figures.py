"""The part of the client that is about figures: what was made, spent and kept."""

from cli.connection import Connection, Json


class FiguresClient(Connection):
    """Analytics."""

    async def stats(self, what: str, **query: str) -> Json:
        """Return figures: summary, usage, trends, providers, errors or preferences."""
        return await self._json("GET", f"/v1/analytics/{what}", params=query)
