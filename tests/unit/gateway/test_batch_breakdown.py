from fastapi.testclient import TestClient

from shared.vocabulary import JobState
from tests.support.gateway import SOMEBODY_ELSE, FakeGateway, batch, job


def test_says_how_many_jobs_stand_where_in_each_language(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch())
    for language, state in (("pt-BR", "completed"), ("pt-BR", "queued"), ("en-US", "completed")):
        row = job(batch_id=mine.batch_id, language=language, state=JobState(state))
        gateway.jobs.add(row)

    body = client.get(f"/v1/batches/{mine.batch_id}/breakdown").json()

    assert body["by_language"] == {
        "pt-BR": {"completed": 1, "queued": 1},
        "en-US": {"completed": 1},
    }
    assert body["failures"] == []


def test_failures_of_one_cause_are_told_together_the_most_frequent_first(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch())
    for language, code in (("pt-BR", "timeout"), ("pt-BR", "refused"), ("ja-JP", "refused")):
        gateway.jobs.add(
            job(
                batch_id=mine.batch_id,
                language=language,
                state=JobState.FAILED,
                error_stage="narrator",
                error_code=code,
                error=f"it was {code}",
            )
        )

    failures = client.get(f"/v1/batches/{mine.batch_id}/breakdown").json()["failures"]

    assert [(each["code"], each["jobs"]) for each in failures] == [("refused", 2), ("timeout", 1)]
    assert failures[0]["languages"] == ["ja-JP", "pt-BR"]
    assert failures[0]["example"] == "it was refused"


def test_nobody_sees_how_another_stands(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.batches.add(batch(), owner=SOMEBODY_ELSE)

    assert client.get(f"/v1/batches/{theirs.batch_id}/breakdown").status_code == 404
