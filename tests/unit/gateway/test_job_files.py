from urllib.parse import unquote
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from services.gateway.store.jobs import LogLine
from shared.vocabulary import JobState
from tests.support.gateway import NOW, SOMEBODY_ELSE, FakeGateway, batch, job

AUDIO = bytes(range(100))


@pytest.fixture
def url(gateway: FakeGateway) -> str:
    keep = gateway.storage.keep
    done = gateway.jobs.add(
        job(
            title='Who "owns" / the sky? \U0001f41d ção',
            state=JobState.COMPLETED,
            audio=keep(AUDIO),
            srt=keep(b"1\n", "application/x-subrip"),
            vtt=keep(b"WEBVTT\n", "text/vtt"),
            script=keep(b"once", "text/plain; charset=utf-8"),
            adapted=keep(b"era", "text/plain; charset=utf-8"),
        )
    )
    return f"/v1/jobs/{done.job_id}"


def test_sends_the_audio_whole(client: TestClient, url: str) -> None:
    answer = client.get(f"{url}/audio")

    assert (answer.status_code, answer.content) == (200, AUDIO)
    assert answer.headers["Content-Length"] == "100"
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_player_can_seek(client: TestClient, url: str) -> None:
    answer = client.get(f"{url}/audio", headers={"Range": "bytes=90-"})

    assert (answer.status_code, answer.content) == (206, AUDIO[90:])
    assert answer.headers["Content-Range"] == "bytes 90-99/100"
    assert answer.headers["Content-Length"] == "10"


def test_a_range_past_the_end_is_refused(client: TestClient, url: str) -> None:
    answer = client.get(f"{url}/audio", headers={"Range": "bytes=100-"})

    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */100")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_range_of_what_has_changed_is_the_whole(client: TestClient, url: str) -> None:
    etag = client.get(f"{url}/audio").headers["ETag"]

    same = client.get(f"{url}/audio", headers={"Range": "bytes=0-1", "If-Range": etag})
    other = client.get(f"{url}/audio", headers={"Range": "bytes=0-1", "If-Range": '"other"'})

    assert (same.status_code, other.status_code) == (206, 200)


def test_what_a_client_has_is_not_sent_again(client: TestClient, url: str) -> None:
    etag = client.get(f"{url}/audio").headers["ETag"]

    answer = client.get(f"{url}/audio", headers={"If-None-Match": f'"x", W/{etag}'})

    assert (answer.status_code, answer.content) == (304, b"")


def test_the_file_has_a_name_a_person_can_read(client: TestClient, url: str) -> None:
    disposition = client.get(f"{url}/audio").headers["Content-Disposition"]

    name = unquote(disposition.partition("UTF-8''")[2])
    assert name == "Who -owns- - the sky- \U0001f41d ção (pt-BR, v1).mp3"
    assert 'filename="Who -owns- - the sky-  cao (pt-BR, v1).mp3"' in disposition


@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        ("srt", "1\n", "application/x-subrip"),
        ("vtt", "WEBVTT\n", "text/vtt; charset=utf-8"),
        ("script", "era", "text/plain; charset=utf-8"),
        ("script?version=master", "once", "text/plain; charset=utf-8"),
    ],
)
def test_sends_the_texts(
    client: TestClient, url: str, path: str, body: str, media_type: str
) -> None:
    answer = client.get(f"{url}/{path}")

    assert (answer.text, answer.headers["Content-Type"]) == (body, media_type)


def test_what_is_not_made_yet_says_so(client: TestClient, gateway: FakeGateway) -> None:
    queued = gateway.jobs.add(job())

    answer = client.get(f"/v1/jobs/{queued.job_id}/audio")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_ready")


def test_what_is_no_longer_kept_says_so(client: TestClient, gateway: FakeGateway, url: str) -> None:
    gateway.storage.objects.clear()

    answer = client.get(f"{url}/audio")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_ready")
    assert "no longer kept" in answer.json()["detail"]


def test_a_job_of_somebody_else_is_not_there(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.jobs.add(job(audio=gateway.storage.keep(AUDIO)), owner=SOMEBODY_ELSE)

    paths = ("", "/log", "/audio", "/srt", "/vtt", "/script")
    answers = [client.get(f"/v1/jobs/{theirs.job_id}{path}") for path in paths]

    assert {answer.status_code for answer in answers} == {404}


def test_reads_a_job_with_links_to_what_is_there(client: TestClient, url: str) -> None:
    body = client.get(url).json()

    assert body["links"]["audio"] == f"{url}/audio"
    assert body["error"] is None


def test_a_failed_job_says_why(client: TestClient, gateway: FakeGateway) -> None:
    failed = gateway.jobs.add(
        job(state=JobState.FAILED, error_stage="narrator", error_code="refused", error="no voice")
    )

    body = client.get(f"/v1/jobs/{failed.job_id}").json()

    assert body["error"] == {"stage": "narrator", "code": "refused", "message": "no voice"}
    assert body["links"]["audio"] is None


def test_reads_the_log(client: TestClient, gateway: FakeGateway, url: str) -> None:
    gateway.jobs.lines = [LogLine(at=NOW, stage="scripter", message=f"block {n}") for n in range(3)]

    body = client.get(f"{url}/log?limit=2").json()

    assert [line["message"] for line in body["items"]] == ["block 1", "block 2"]


def test_lists_results_in_the_order_of_the_batch(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    for position in (3, 1, 0, 2):
        language = "pt-BR" if position % 2 else "en-US"
        gateway.jobs.add(job(batch_id=mine.batch_id, position=position, language=language))
    gateway.jobs.add(job(batch_id=uuid4()))
    base = f"/v1/batches/{mine.batch_id}/results"

    first = client.get(f"{base}?limit=3").json()
    second = client.get(f"{base}?limit=3&cursor={first['next_cursor']}").json()
    filtered = client.get(f"{base}?language=pt-BR&state=queued").json()

    assert [item["position"] for item in first["items"]] == [0, 1, 2]
    assert [item["position"] for item in second["items"]] == [3]
    assert second["next_cursor"] is None
    assert [item["position"] for item in filtered["items"]] == [1, 3]
