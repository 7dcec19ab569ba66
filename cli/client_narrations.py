"""The part of the client that is about texts that are finished already."""

from pathlib import Path
from uuid import uuid4

from cli.connection import Connection, Json

# Below what a connection may be silent for: one asks again until the end.
WAIT_SECONDS = 60


class NarrationsClient(Connection):
    """Narrations."""

    async def narrate(self, narration: Json, *, idempotency_key: str | None = None) -> Json:
        """Have texts spoken as they stand, and return what became of each once all have ended."""
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
        params = {"wait": WAIT_SECONDS}
        told = await self._json(
            "POST", "/v1/narrations", json=narration, params=params, headers=headers
        )
        path = f"/v1/narrations/{told['narration_id']}"
        while not told["ended"]:
            told = await self._json("GET", path, params=params)
        return told

    async def save_audio(self, job_id: str, file: Path) -> int:
        """Write the sound of a job to `file`; return how many bytes it has."""
        return await self._save(f"/v1/jobs/{job_id}/audio", file)

    async def _save(self, path: str, file: Path) -> int:
        raise NotImplementedError
