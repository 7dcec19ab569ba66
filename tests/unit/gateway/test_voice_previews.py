import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from services.gateway.previews import Previews, text_of
from shared import catalogue
from shared.events import ScriptAdapted
from shared.vocabulary import SYSTEM_USER, JobState
from tests.support.gateway import FakeGateway, FakeJobs, FakePublisher, job

VOICE = catalogue.voice("espeak:pt-BR")


class Pipeline(FakePublisher):
    """Ends the job that is asked for, the way the pipeline would."""

    def __init__(self, jobs: FakeJobs, **ending: Any) -> None:
        super().__init__()
        self._jobs = jobs
        self._ending = ending

    async def publish(self, event: Any) -> None:
        await super().publish(event)
        if self._ending:
            later = datetime.now(UTC) + timedelta(seconds=1)
            ended = job(job_id=event.job_id, updated_at=later, **self._ending)
            self._jobs.add(ended, owner=SYSTEM_USER)


def previews(**ending: Any) -> tuple[Previews, Pipeline]:
    jobs = FakeJobs()
    pipeline = Pipeline(jobs, **ending)
    return Previews(jobs, pipeline, 0.5), pipeline


async def test_a_voice_is_asked_once_and_then_kept(gateway: FakeGateway) -> None:
    ref = gateway.storage.keep(b"mp3")
    asked, pipeline = previews(state=JobState.COMPLETED, audio=ref)

    first = await asked.of(VOICE)
    second = await asked.of(VOICE)

    assert first == second
    assert first is not None
    assert first.audio == ref
    [event] = pipeline.published
    assert isinstance(event, ScriptAdapted)
    assert (event.voice, event.text) == (VOICE.id, text_of("pt-BR"))


async def test_the_same_voice_is_always_the_same_job() -> None:
    one, first = previews()
    other, second = previews()

    await asyncio.gather(one.of(VOICE), other.of(VOICE))

    assert first.published[0].event_id == second.published[0].event_id


async def test_a_slow_voice_is_to_be_asked_again() -> None:
    asked, _ = previews()

    assert await asked.of(VOICE) is None


async def test_a_failure_is_told_and_forgiven_later() -> None:
    asked, pipeline = previews(state=JobState.FAILED, error="no key")
    told = await asked.of(VOICE)
    assert told is not None
    assert told.error == "no key"

    old = job(
        job_id=told.job_id,
        state=JobState.FAILED,
        updated_at=datetime.now(UTC) - timedelta(minutes=5),
    )
    asked.jobs.add(old, owner=SYSTEM_USER)  # type: ignore[attr-defined]  # the fake's own
    await asked.of(VOICE)

    assert len(pipeline.published) == 2


def test_an_unknown_voice_is_not_there(client: TestClient) -> None:
    answer = client.get("/v1/voices/nobody/preview")

    assert answer.status_code == 404
    assert "nobody" in answer.json()["detail"]


def test_a_preview_that_takes_longer_says_when_to_come_back(client: TestClient) -> None:
    answer = client.get("/v1/voices/espeak:pt-BR/preview")

    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "2")


@pytest.mark.parametrize("language", ["pt-BR", "pt-PT", "ja-JP"])
def test_a_voice_speaks_its_own_language(language: str) -> None:
    assert text_of(language) == text_of(language.partition("-")[0])
    assert len(text_of(language)) > 15


def test_a_language_we_cannot_write_counts() -> None:
    assert text_of("zu-ZA") == "1, 2, 3, 4, 5."


def test_favourites_are_kept_by_user_and_language(client: TestClient, gateway: FakeGateway) -> None:
    for voice in ("espeak:pt-BR", "pt-BR-Chirp3-HD-Kore", "espeak:en-US", "espeak:pt-BR"):
        assert client.put(f"/v1/me/voices/{voice}").status_code == 204

    mine = client.get("/v1/me/voices", params={"language": "pt-BR"}).json()["items"]
    with gateway.client(UUID(int=9)) as other:
        theirs = other.get("/v1/me/voices").json()["items"]

    assert [voice["id"] for voice in mine] == ["espeak:pt-BR", "pt-BR-Chirp3-HD-Kore"]
    assert theirs == []
    assert client.delete("/v1/me/voices/espeak:pt-BR").status_code == 204
    left = client.get("/v1/me/voices").json()["items"]
    assert [voice["id"] for voice in left] == ["pt-BR-Chirp3-HD-Kore", "espeak:en-US"]


def test_only_a_voice_there_is_can_be_a_favourite(client: TestClient) -> None:
    assert client.put("/v1/me/voices/nobody").status_code == 404
