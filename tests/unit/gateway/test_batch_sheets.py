import csv
import io
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from services.gateway.store.batches import Batch
from services.gateway.store.works import Work
from shared.events import BatchesSubmitted, JobsRequested, ScriptAdapted
from shared.vocabulary import JobState, Options
from tests.support.editing import work
from tests.support.gateway import SOMEBODY_ELSE, FakeGateway, batch, job

TEXT = "Bees dance. That is how they talk."


@pytest.fixture
async def made(gateway: FakeGateway) -> Batch:
    whole = gateway.batches.add(batch())
    ref = await gateway.room.put("script", TEXT.encode(), media_type="text/plain")
    for position, title in enumerate(("Bees", "=cmd|' /C calc'!A0", "Rain")):
        row = gateway.jobs.add(
            job(
                batch_id=whole.batch_id,
                position=position,
                title=title,
                language="en-US",
                voice="espeak:en-US",
                state=JobState.COMPLETED,
                adapted=ref,
                audio=ref,
                audio_seconds=90.0,
            )
        )
        gateway.works.add(
            work(
                job_id=row.job_id,
                batch_id=whole.batch_id,
                position=position,
                title=title,
                adapted=ref,
                options=Options(target_minutes=2),
            )
        )
        gateway.usage.costs[row.job_id] = 0.25
    return whole


def works(gateway: FakeGateway) -> list[Work]:
    return sorted(gateway.works.rows.values(), key=lambda row: row.position)


def exported(client: TestClient, made: Batch, **query: Any) -> list[dict[str, str]]:
    answer = client.get(f"/v1/batches/{made.batch_id}/export", params={"format": "csv", **query})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def returned(
    client: TestClient, made: Batch, rows: list[dict[str, Any]], **query: Any
) -> httpx2.Response:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    answer: httpx2.Response = client.post(
        f"/v1/batches/{made.batch_id}/import",
        files={"file": ("batch.csv", text.getvalue().encode("utf-8-sig"))},
        params=query,
    )
    return answer


def test_an_export_says_what_was_asked_and_what_came_of_it(client: TestClient, made: Batch) -> None:
    first, *_ = exported(client, made)

    assert (first["title"], first["minutes"], first["state"]) == ("Bees", "2.0", "completed")
    assert (first["audio_minutes"], first["cost_usd"]) == ("1.5", "0.25")
    assert first["audio"] == f"http://testserver/v1/jobs/{first['job_id']}/audio"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_cell_is_a_formula(client: TestClient, made: Batch, format: str) -> None:
    answer = client.get(f"/v1/batches/{made.batch_id}/export", params={"format": format})

    if format == "csv":
        cells = [c for row in csv.reader(io.StringIO(answer.text)) for c in row]
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_sheet_that_comes_back_as_it_was_does_nothing(
    gateway: FakeGateway, client: TestClient, made: Batch, format: str
) -> None:
    path = f"/v1/batches/{made.batch_id}"
    sheet = client.get(f"{path}/export", params={"format": format, "scripts": True})

    answer = client.post(f"{path}/import", files={"file": ("sheet", sheet.content)})

    assert answer.status_code == 202, answer.text
    assert [answer.json()[n] for n in ("added", "changed", "unchanged")] == [0, 0, 3]
    assert not gateway.publisher.published


def test_only_rows_that_were_changed_run(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    rows = exported(client, made)
    rows[0]["voice"] = "en-US-Chirp3-HD-Kore"
    rows[2]["title"] = "Snow"

    answer = returned(client, made, rows)

    assert [(c["row"], c["fields"]) for c in answer.json()["changes"]] == [
        (2, ["voice"]),
        (4, ["title"]),
    ]
    spoken, told = gateway.publisher.published
    assert isinstance(spoken, ScriptAdapted)
    assert (spoken.voice, spoken.run) == ("en-US-Chirp3-HD-Kore", 2)
    assert isinstance(told, JobsRequested)
    assert (told.title, told.run) == ("Snow", 2)


def test_a_changed_text_is_narrated_as_it_stands(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    rows = exported(client, made, scripts=True)
    rows[0]["script"] = "Bees talk."

    returned(client, made, rows)

    (event,) = gateway.publisher.published
    assert isinstance(event, ScriptAdapted)
    assert event.script
    assert gateway.room.objects[event.script.key] == b"Bees talk."


def test_a_row_without_a_job_is_a_new_one(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    rows = exported(client, made)
    rows.append(rows[0] | {"job_id": "", "title": "Snow", "minutes": "4"})

    answer = returned(client, made, rows)

    assert answer.json()["added"] == 1
    (event,) = gateway.publisher.published
    assert isinstance(event, BatchesSubmitted)
    assert (event.batch_id, event.total_jobs) == (made.batch_id, 1)
    assert event.request is not None
    (row,) = event.request.rows
    assert (row.title, row.position) == ("Snow", 3)
    assert row.options is not None
    assert row.options.target_minutes == 4


def test_a_row_that_is_missing_leaves_its_job_alone(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    returned(client, made, exported(client, made)[:1])

    assert not gateway.publisher.published


def test_a_sheet_sent_twice_is_done_once(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    rows = exported(client, made)
    rows[0]["title"] = "Snow"
    rows.append(rows[1] | {"job_id": "", "title": "Hail"})

    for _ in range(2):
        returned(client, made, rows)

    ids = [event.event_id for event in gateway.publisher.published]
    assert ids[:2] == ids[2:]


def test_a_dry_run_only_says_what_would_be_done(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    rows = exported(client, made)
    rows[0]["title"] = "Snow"

    answer = returned(client, made, rows, dry_run=True)

    assert (answer.json()["changed"], answer.json()["dry_run"]) == (1, True)
    assert not gateway.publisher.published


def test_a_job_that_is_being_made_is_said_by_its_line(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    first = works(gateway)[0]
    gateway.works.add(work(job_id=first.job_id, batch_id=made.batch_id, state=JobState.NARRATING))
    rows = exported(client, made)
    rows[0]["title"] = rows[2]["title"] = "Snow"

    answer = returned(client, made, rows)

    assert answer.status_code == 422
    assert [error["row"] for error in answer.json()["errors"]][:1] == [2]
    assert not gateway.publisher.published


def test_jobs_of_another_batch_are_refused(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    other = gateway.works.add(work())
    strange = gateway.works.add(work(user_id=SOMEBODY_ELSE, batch_id=made.batch_id))
    rows = exported(client, made)

    answers = [
        returned(client, made, [rows[0] | {"job_id": job_id}])
        for job_id in (str(other.job_id), str(strange.job_id), "nonsense", str(UUID(int=1)))
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert {answer.json()["errors"][0]["column"] for answer in answers} == {"job_id"}


def test_an_export_of_somebody_else_is_not_there(gateway: FakeGateway, made: Batch) -> None:
    with gateway.client(SOMEBODY_ELSE) as client:
        assert client.get(f"/v1/batches/{made.batch_id}/export").status_code == 404


def test_a_new_row_that_is_there_already_is_not_made_once_more(
    gateway: FakeGateway, client: TestClient, made: Batch
) -> None:
    rows = exported(client, made)
    rows = [row | {"job_id": "", "voice": "espeak:en-US"} for row in rows[:1]]
    rows.append(rows[0] | {"title": "Snow"})

    answer = returned(client, made, rows)

    assert answer.status_code == 202, answer.text
    assert [answer.json()[n] for n in ("added", "changed", "unchanged")] == [1, 0, 1]
    (event,) = gateway.publisher.published
    assert isinstance(event, BatchesSubmitted)
    assert event.request is not None
    assert [row.title for row in event.request.rows] == ["Snow"]
