import pytest
from fastapi.testclient import TestClient

from shared.events import BatchesControl
from shared.vocabulary import BatchCounts, BatchState
from tests.support.gateway import SOMEBODY_ELSE, FakeGateway, batch


def test_the_status_of_a_batch_says_how_far_it_is(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch(counts=BatchCounts(total=4, completed=2, failed=1)))

    answer = client.get(f"/v1/batches/{mine.batch_id}/status")

    assert answer.status_code == 200
    assert answer.headers["Retry-After"] == "1"
    body = answer.json()
    assert (body["state"], body["ended"], body["percent"]) == ("running", False, 75.0)


def test_a_batch_that_has_ended_need_not_be_asked_again(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch(state=BatchState.COMPLETED))

    answer = client.get(f"/v1/batches/{mine.batch_id}/status")

    assert answer.json()["ended"]
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("action", ["pause", "resume", "cancel"])
def test_an_order_is_published(client: TestClient, gateway: FakeGateway, action: str) -> None:
    mine = gateway.batches.add(batch())

    answer = client.post(f"/v1/batches/{mine.batch_id}/{action}")

    assert answer.status_code == 202
    (event,) = gateway.publisher.published
    assert isinstance(event, BatchesControl)
    assert (event.batch_id, event.action, event.job_id) == (mine.batch_id, action, None)


def test_what_has_ended_takes_no_order(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch(state=BatchState.CANCELLED))

    answer = client.post(f"/v1/batches/{mine.batch_id}/pause")

    assert answer.status_code == 409
    assert "cancelled" in answer.json()["detail"]
    assert gateway.publisher.published == []


@pytest.mark.parametrize("action", ["pause", "resume", "cancel"])
def test_nobody_orders_about_the_batch_of_another(
    client: TestClient, gateway: FakeGateway, action: str
) -> None:
    theirs = gateway.batches.add(batch(), owner=SOMEBODY_ELSE)

    answer = client.post(f"/v1/batches/{theirs.batch_id}/{action}")

    assert answer.status_code == 404
    assert gateway.publisher.published == []


def test_an_order_that_kafka_does_not_take_is_to_be_repeated(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch())
    gateway.publisher.away = True

    answer = client.post(f"/v1/batches/{mine.batch_id}/cancel")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
