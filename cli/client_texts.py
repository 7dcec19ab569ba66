"""The part of the client that is about sheets, estimates, and texts by a user's hand."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from cli.connection import Connection, Json


class TextsClient(Connection):
    """Estimates, spreadsheets, reviews and edits."""

    async def estimate(self, batch: Json) -> Json:
        """Return what a batch would take; begins nothing."""
        return await self._json("POST", "/v1/batches:estimate", json=batch)

    async def import_sheet(self, file: Path, *, common: Json, idempotency_key: str) -> Json:
        """Ask for a batch with a CSV or XLSX file; `common` is what holds for all its rows."""
        return await self._json(
            "POST",
            "/v1/batches/import",
            files={"file": await _part(file)},
            data={"common": json.dumps(common)},
            headers={"Idempotency-Key": idempotency_key},
        )

    async def estimate_sheet(self, file: Path, *, common: Json) -> Json:
        """Return what `import_sheet` would take; begins nothing."""
        return await self._json(
            "POST",
            "/v1/batches/import:estimate",
            files={"file": await _part(file)},
            data={"common": json.dumps(common)},
        )

    async def export(
        self, batch_id: str, file: Path, *, kind: str = "xlsx", scripts: bool = False
    ) -> int:
        """Write a batch as a spreadsheet to `file`; return how many bytes it has."""
        path = f"/v1/batches/{batch_id}/export?format={kind}&scripts={str(scripts).lower()}"
        return await self._save(path, file)

    async def return_sheet(self, batch_id: str, file: Path, *, dry_run: bool = False) -> Json:
        """Send an exported sheet back; return what was different."""
        return await self._json(
            "POST",
            f"/v1/batches/{batch_id}/import",
            files={"file": await _part(file)},
            params={"dry_run": dry_run},
        )

    def reviews(self, batch_id: str) -> AsyncIterator[Json]:
        """Yield the texts of a batch that wait for somebody to read them."""
        return self._pages(f"/v1/batches/{batch_id}/review", {})

    async def approve(self, job_id: str) -> Json:
        """Let a job be narrated, with its text as it stands."""
        return await self._json("POST", f"/v1/jobs/{job_id}/approve")

    async def reject(self, job_id: str, *, note: str = "", again: bool = False) -> Json:
        """Refuse a text; with `again` it is written once more."""
        body = {"note": note, "again": again}
        return await self._json("POST", f"/v1/jobs/{job_id}/reject", json=body)

    async def script(self, job_id: str) -> Json:
        """Return the text of a job, by its sentences."""
        return await self._json("GET", f"/v1/jobs/{job_id}/script/sentences")

    async def change_script(self, job_id: str, changes: Mapping[int, str], *, etag: str) -> Json:
        """Change sentences by their number, unless the text is another one by now."""
        sentences = [{"index": index, "text": text} for index, text in changes.items()]
        return await self._json(
            "PATCH",
            f"/v1/jobs/{job_id}/script",
            json={"sentences": sentences},
            headers={"If-Match": etag},
        )

    async def replace_script(self, job_id: str, text: str) -> Json:
        """Give a job another text."""
        return await self._json("PUT", f"/v1/jobs/{job_id}/script", json={"text": text})

    async def _save(self, path: str, file: Path) -> int:
        raise NotImplementedError


async def _part(file: Path) -> tuple[str, bytes]:
    return file.name, await asyncio.to_thread(file.read_bytes)
