from fastapi.testclient import TestClient

from shared.vocabulary import JobState
from tests.support.gateway import FakeGateway, job


def test_a_job_says_who_was_asked_who_spoke_and_why(
    gateway: FakeGateway, client: TestClient
) -> None:
    spoken = job(
        state=JobState.COMPLETED,
        voice="espeak:pt-BR",
        voice_used="espeak:pt-PT",
        voice_reason="espeak:pt-PT speaks instead of espeak:pt-BR: withdrawn",
    )
    gateway.jobs.add(spoken)

    found = client.get(f"/v1/jobs/{spoken.job_id}").json()

    assert (found["voice"], found["voice_used"]) == ("espeak:pt-BR", "espeak:pt-PT")
    assert found["voice_reason"].endswith("withdrawn")


def test_a_job_that_waits_says_that_nobody_spoke(gateway: FakeGateway, client: TestClient) -> None:
    waiting = gateway.jobs.add(job())

    found = client.get(f"/v1/jobs/{waiting.job_id}").json()

    assert (found["voice"], found["voice_used"]) == ("espeak:pt-BR", None)
