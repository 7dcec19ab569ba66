from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.gateway.store.works import Work
from shared.events import JobsFailed, JobsRequested, ScriptAdapted
from shared.vocabulary import ArtefactRef, Chapter, JobState
from tests.support.editing import work
from tests.support.gateway import SOMEBODY_ELSE, FakeGateway

TEXT = "Bees dance. That is how they talk.\n\nNobody taught them. They know."


async def kept(gateway: FakeGateway, text: str) -> ArtefactRef:
    return await gateway.room.put("script", text.encode(), media_type="text/plain")


@pytest.fixture
async def done(gateway: FakeGateway) -> Work:
    return gateway.works.add(
        work(
            adapted=await kept(gateway, TEXT),
            cut=await kept(gateway, "[]"),
            chapters=(Chapter(title="One", paragraph=0), Chapter(title="Two", paragraph=1)),
        )
    )


@pytest.fixture
async def held(gateway: FakeGateway) -> Work:
    job = work(state=JobState.AWAITING_REVIEW)
    event = ScriptAdapted(
        job_id=job.job_id,
        title=job.title,
        language=job.language,
        parking=1,
        script=await kept(gateway, TEXT),
    )
    return gateway.works.add(
        work(
            job_id=job.job_id,
            state=JobState.AWAITING_REVIEW,
            held=event.model_dump(mode="json"),
        )
    )


def published(gateway: FakeGateway) -> ScriptAdapted:
    (event,) = gateway.publisher.published
    assert isinstance(event, ScriptAdapted)
    return event


def text_of(gateway: FakeGateway, event: ScriptAdapted) -> str:
    assert event.script
    return gateway.room.objects[event.script.key].decode()


def sentences(client: TestClient, job: Work) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/jobs/{job.job_id}/script/sentences").json()
    return found


def test_a_text_is_read_by_its_sentences(client: TestClient, done: Work) -> None:
    found = sentences(client, done)

    assert [(s["index"], s["paragraph"], s["text"]) for s in found["sentences"]] == [
        (0, 0, "Bees dance."),
        (1, 0, "That is how they talk."),
        (2, 1, "Nobody taught them."),
        (3, 1, "They know."),
    ]


def test_a_changed_sentence_begins_a_run_that_is_cut_as_before(
    gateway: FakeGateway, client: TestClient, done: Work
) -> None:
    etag = sentences(client, done)["etag"]

    answer = client.patch(
        f"/v1/jobs/{done.job_id}/script",
        json={"sentences": [{"index": 2, "text": "Nobody ever taught them."}]},
        headers={"If-Match": etag},
    )

    assert answer.status_code == 202, answer.text
    assert (answer.json()["changed"], answer.json()["run"]) == (True, 2)
    event = published(gateway)
    assert (event.run, event.cut_before, event.chapters) == (2, done.cut, done.chapters)
    assert text_of(gateway, event) == TEXT.replace("Nobody taught", "Nobody ever taught")


def test_a_text_that_is_the_same_does_nothing(
    gateway: FakeGateway, client: TestClient, done: Work
) -> None:
    answer = client.put(f"/v1/jobs/{done.job_id}/script", json={"text": TEXT + "\r\n"})

    assert answer.json()["changed"] is False
    assert not gateway.publisher.published


def test_a_text_that_changed_meanwhile_is_not_overwritten(
    gateway: FakeGateway, client: TestClient, done: Work
) -> None:
    answer = client.put(
        f"/v1/jobs/{done.job_id}/script", json={"text": "Other."}, headers={"If-Match": '"old"'}
    )

    assert answer.status_code == 412
    assert not gateway.publisher.published


def test_of_two_changes_at_once_one_is_refused(client: TestClient, done: Work) -> None:
    first = client.put(f"/v1/jobs/{done.job_id}/script", json={"text": "One."})
    second = client.put(f"/v1/jobs/{done.job_id}/script", json={"text": "Two."})

    assert (first.status_code, second.status_code) == (202, 409)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"sentences": [{"index": 99, "text": "x"}]}, "/sentences"),
        ({"sentences": [{"index": i, "text": ""} for i in range(4)]}, "/text"),
    ],
)
def test_what_cannot_be_changed_is_refused(
    client: TestClient, done: Work, body: dict[str, Any], where: str
) -> None:
    answer = client.patch(f"/v1/jobs/{done.job_id}/script", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == where


def test_a_job_that_is_being_made_is_not_changed(gateway: FakeGateway, client: TestClient) -> None:
    job = gateway.works.add(work(state=JobState.NARRATING))

    answer = client.put(f"/v1/jobs/{job.job_id}/script", json={"text": "Other."})

    assert answer.status_code == 409


def test_a_text_can_be_taken_back(gateway: FakeGateway, client: TestClient, done: Work) -> None:
    client.put(f"/v1/jobs/{done.job_id}/script", json={"text": "Wrong."})
    event = published(gateway)
    gateway.works.add(work(job_id=done.job_id, run=2, adapted=event.script, cut=done.cut))

    versions = client.get(f"/v1/jobs/{done.job_id}/script/versions").json()["items"]
    answer = client.post(f"/v1/jobs/{done.job_id}/script/revert", json={"version": 1})

    assert [(v["version"], v["origin"]) for v in versions] == [(1, "original"), (2, "edited")]
    assert answer.json()["run"] == 3
    last = gateway.publisher.published[-1]
    assert isinstance(last, ScriptAdapted)
    assert text_of(gateway, last) == TEXT


def test_an_approved_text_is_narrated_as_it_was_changed(
    gateway: FakeGateway, client: TestClient, held: Work
) -> None:
    changed = client.put(f"/v1/jobs/{held.job_id}/script", json={"text": "Better."})
    assert changed.json()["run"] is None
    assert not gateway.publisher.published

    answer = client.post(f"/v1/jobs/{held.job_id}/approve")

    assert answer.json()["decision"] == "approved"
    event = published(gateway)
    assert (event.run, event.parking) == (1, 1)
    assert text_of(gateway, event) == "Better."


def test_a_refused_text_ends_its_job(gateway: FakeGateway, client: TestClient, held: Work) -> None:
    answer = client.post(f"/v1/jobs/{held.job_id}/reject", json={"note": "too formal"})

    assert answer.status_code == 202
    (event,) = gateway.publisher.published
    assert isinstance(event, JobsFailed)
    assert (event.code, event.reason, event.run) == ("rejected", "too formal", 1)


def test_a_refused_text_may_be_written_again(
    gateway: FakeGateway, client: TestClient, held: Work
) -> None:
    client.post(f"/v1/jobs/{held.job_id}/reject", json={"note": "too formal", "again": True})

    (event,) = gateway.publisher.published
    assert isinstance(event, JobsRequested)
    assert (event.run, event.aspect) == (2, "a reviewer asks: too formal")


def test_what_does_not_wait_cannot_be_approved(client: TestClient, done: Work) -> None:
    assert client.post(f"/v1/jobs/{done.job_id}/approve").status_code == 409
    assert client.post(f"/v1/jobs/{done.job_id}/reject").status_code == 409


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "script/sentences"),
        ("PUT", "script"),
        ("GET", "script/versions"),
        ("POST", "approve"),
        ("POST", "reject"),
    ],
)
def test_somebody_elses_job_is_not_there(
    gateway: FakeGateway, done: Work, method: str, path: str
) -> None:
    with gateway.client(SOMEBODY_ELSE) as client:
        answer = client.request(
            method,
            f"/v1/jobs/{done.job_id}/{path}",
            json={"text": "x"} if method == "PUT" else None,
        )

    assert answer.status_code == 404
