import pytest
from fastapi.testclient import TestClient

from shared.events import BatchesControl
from shared.vocabulary import BatchState, JobState
from tests.support.gateway import SOMEBODY_ELSE, FakeGateway, batch, job


@pytest.mark.parametrize(("action", "run"), [("pause", None), ("resume", None), ("cancel", 2)])
def test_an_order_about_a_job_is_published(
    client: TestClient, gateway: FakeGateway, action: str, run: int | None
) -> None:
    mine = gateway.jobs.add(job(run=2))

    answer = client.post(f"/v1/jobs/{mine.job_id}/{action}")

    assert answer.status_code == 202
    (order,) = gateway.publisher.published
    assert isinstance(order, BatchesControl)
    assert (order.batch_id, order.job_id) == (mine.batch_id, mine.job_id)
    assert (order.action, order.run) == (action, run)


def test_a_job_that_failed_is_retried_as_its_next_run(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.jobs.add(job(state=JobState.FAILED, run=1))

    answer = client.post(f"/v1/jobs/{mine.job_id}/retry")

    assert answer.status_code == 202
    (order,) = gateway.publisher.published
    assert isinstance(order, BatchesControl)
    assert (order.action, order.run) == ("retry", 2)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (JobState.COMPLETED, "pause"),
        (JobState.CANCELLED, "cancel"),
        (JobState.COMPLETED, "retry"),
        (JobState.NARRATING, "retry"),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: TestClient, gateway: FakeGateway, state: JobState, action: str
) -> None:
    mine = gateway.jobs.add(job(state=state))

    answer = client.post(f"/v1/jobs/{mine.job_id}/{action}")

    assert answer.status_code == 409
    assert state.value in answer.json()["detail"]
    assert gateway.publisher.published == []


def test_nobody_orders_about_the_job_of_another(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.jobs.add(job(), owner=SOMEBODY_ELSE)

    assert client.post(f"/v1/jobs/{theirs.job_id}/cancel").status_code == 404
    assert gateway.publisher.published == []


def test_the_failed_jobs_of_a_batch_begin_their_next_run(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch(state=BatchState.COMPLETED_WITH_ERRORS))
    failed = gateway.jobs.add(job(batch_id=mine.batch_id, state=JobState.FAILED, run=3))
    gateway.jobs.add(job(batch_id=mine.batch_id, state=JobState.COMPLETED))

    answer = client.post(f"/v1/batches/{mine.batch_id}/retry-failed")

    assert (answer.status_code, answer.json()) == (202, {"retried": 1})
    (order,) = gateway.publisher.published
    assert isinstance(order, BatchesControl)
    assert (order.job_id, order.run, order.action) == (failed.job_id, 4, "retry")


def test_a_cancelled_batch_is_not_begun_again(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch(state=BatchState.CANCELLED, is_cancelled=True))

    answer = client.post(f"/v1/batches/{mine.batch_id}/retry-failed")

    assert answer.status_code == 409
    assert gateway.publisher.published == []


def test_a_resume_may_raise_the_budget_and_every_order_repeats_it(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(
        batch(state=BatchState.PAUSED, paused_because="budget", budget_usd=5.0)
    )
    status = client.get(f"/v1/batches/{mine.batch_id}/status").json()

    client.post(f"/v1/batches/{mine.batch_id}/resume", json={"budget_usd": 9.5})
    client.post(f"/v1/batches/{mine.batch_id}/pause")

    said = [(order.action, order.budget_usd) for order in gateway.publisher.published]  # type: ignore[attr-defined]  # orders only
    assert said == [("resume", 9.5), ("pause", 5.0)]
    assert status["paused_because"] == "budget"
