"""A batch whose texts are read first, and which comes back as a sheet."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from cli.client import Client
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


async def jobs_of(bolt: Client, batch_id: str) -> list[dict[str, Any]]:
    return [job async for job in bolt.results(batch_id)]


async def in_state(bolt: Client, batch_id: str, *states: str) -> list[dict[str, Any]]:
    async def there() -> list[dict[str, Any]] | None:
        jobs = await jobs_of(bolt, batch_id)
        return jobs if sorted(job["state"] for job in jobs) == sorted(states) else None

    return await until(there, seconds=60)


async def test_a_held_text_is_changed_approved_and_comes_back_in_a_sheet(
    bolt: Client, tmp_path: Path
) -> None:
    accepted = await bolt.create_batch(
        {
            "mode": "matrix",
            "titles": ["Bees", "Rain"],
            "languages": ["en-US"],
            "options": {"review": ["en-US"], "target_minutes": 0.5},
        }
    )
    batch_id = accepted["batch_id"]
    first, second = await in_state(bolt, batch_id, "awaiting_review", "awaiting_review")
    waiting = [item async for item in bolt.reviews(batch_id)]
    await bolt.replace_script(first["job_id"], "Bees dance, and that is how they talk.")
    await bolt.approve(first["job_id"])
    await bolt.reject(second["job_id"], note="too formal")
    ended = await in_state(bolt, batch_id, "completed", "failed")
    said = await bolt.script(first["job_id"])

    sheet = tmp_path / "batch.csv"
    await bolt.export(batch_id, sheet, kind="csv", scripts=True)
    same = await bolt.return_sheet(batch_id, sheet)
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    rows[0]["script"] = "Bees dance. Nobody taught them."
    rows.append({**rows[0], "job_id": "", "script": "", "title": "Snow"})
    changed = io.StringIO()
    writer = csv.DictWriter(changed, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    sheet.write_text(changed.getvalue(), "utf-8")
    found = await bolt.return_sheet(batch_id, sheet)
    await in_state(bolt, batch_id, "completed", "failed", "awaiting_review")
    again = await bolt.script(first["job_id"])

    assert {item["job"]["job_id"] for item in waiting} == {first["job_id"], second["job_id"]}
    assert said["text"] == "Bees dance, and that is how they talk."
    assert [job["error"]["code"] for job in ended if job["error"]] == ["rejected"]
    assert (same["changed"], same["added"], same["unchanged"]) == (0, 0, 2)
    assert (found["changed"], found["added"], found["unchanged"]) == (1, 1, 1)
    assert again["text"] == "Bees dance. Nobody taught them."
