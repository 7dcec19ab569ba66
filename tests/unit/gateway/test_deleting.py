from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from services.gateway import deleting
from services.gateway.deleting import Deleting
from services.gateway.errors import NotFoundError
from services.gateway.narrating import Waiting
from services.gateway.store.batches import preloads_of
from shared.errors import UnavailableError
from shared.events import BatchesControl
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, batch, job

DRAFT = {"mode": "matrix", "titles": ["O mapa"], "languages": ["pt-BR"]}
KEY = {"Idempotency-Key": "space-week"}


def test_a_deleted_batch_is_unknown_everywhere(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    its = gateway.jobs.add(job(batch_id=mine.batch_id))
    path = f"/v1/batches/{mine.batch_id}"

    answer = client.delete(path)

    assert (answer.status_code, answer.content) == (204, b"")
    [order] = gateway.publisher.published
    assert isinstance(order, BatchesControl)
    assert (order.batch_id, order.action, order.job_id) == (mine.batch_id, "delete", None)
    for gone in ("", "/status", "/results", "/download", "/events", "/export", "/breakdown"):
        assert client.get(path + gone).status_code == 404
    assert client.get(f"/v1/jobs/{its.job_id}").status_code == 404
    assert client.delete(path).status_code == 404
    assert client.get("/v1/batches").json()["items"] == []


def test_nobody_deletes_somebody_elses_batch(gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())

    with gateway.client(SOMEBODY_ELSE) as theirs:
        answer = theirs.delete(f"/v1/batches/{mine.batch_id}")

    assert answer.status_code == 404
    assert gateway.publisher.published == []


def test_preloads_stay(client: TestClient, gateway: FakeGateway) -> None:
    gateway.batches.add(batch(batch_id=preloads_of(ME)))

    answer = client.delete(f"/v1/batches/{preloads_of(ME)}")

    assert answer.status_code == 409
    assert gateway.deletions.added == []


def test_the_key_of_a_deleted_batch_stands_for_a_new_one(client: TestClient) -> None:
    first = client.post("/v1/batches", json=DRAFT, headers=KEY).json()["batch_id"]
    client.delete(f"/v1/batches/{first}")

    second = client.post("/v1/batches", json=DRAFT, headers=KEY).json()["batch_id"]
    repeated = client.post("/v1/batches", json=DRAFT, headers=KEY).json()["batch_id"]
    client.delete(f"/v1/batches/{second}")
    third = client.post("/v1/batches", json=DRAFT, headers=KEY).json()["batch_id"]

    assert second == repeated
    assert len({first, second, third}) == 3


async def test_what_could_not_be_ordered_is_hidden_and_ordered_later(gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    work = Deleting(gateway.deletions, gateway.publisher)
    gateway.publisher.away = True
    with pytest.raises(UnavailableError):
        await work.delete(ME, mine.batch_id)
    gateway.publisher.away = False

    swept = [await work.sweep(), await work.sweep()]

    assert swept == [1, 0]
    assert await gateway.batches.get(ME, mine.batch_id) is None
    assert [event.key for event in gateway.publisher.published] == [str(mine.batch_id).encode()]


async def test_batches_that_ended_long_ago_are_deleted(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "AT_ONCE", 2)
    old = [(UUID(int=number), uuid4()) for number in range(5)]
    gateway.deletions.old = [*old, (ME, preloads_of(ME))]

    kept = await Deleting(gateway.deletions, gateway.publisher).expire()
    gone = await Deleting(gateway.deletions, gateway.publisher, timedelta(days=90)).expire()

    assert (kept, gone) == (0, 5)
    assert set(gateway.deletions.added) == {batch_id for _, batch_id in old}


async def test_what_a_backup_brought_back_is_hidden_again(gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    gateway.deletions.back = [(ME, mine.batch_id)]
    work = Deleting(gateway.deletions, gateway.publisher)

    healed = [await work.heal(), await work.heal()]

    assert healed == [1, 0]
    assert await gateway.batches.get(ME, mine.batch_id) is None


def test_who_watches_a_batch_is_told_that_it_was_deleted(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch(seq=3))
    order = BatchesControl(batch_id=mine.batch_id, action="delete")

    with client.websocket_connect(f"/v1/batches/{mine.batch_id}/events") as socket:
        socket.receive_json()
        assert client.portal is not None
        client.portal.call(
            gateway.hub.heed, BatchesControl(batch_id=mine.batch_id, action="cancel")
        )
        client.portal.call(gateway.hub.heed, order)
        told = socket.receive_json()
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()

    assert told == {"type": "deleted", "seq": 3, "batch_id": str(mine.batch_id)}
    assert (closed.value.code, closed.value.reason) == (4404, "the batch was deleted")


def test_who_watches_everything_is_told_of_no_batch_of_others(
    client: TestClient, gateway: FakeGateway
) -> None:
    mine, theirs = gateway.batches.add(batch()), gateway.batches.add(batch(), SOMEBODY_ELSE)

    with client.websocket_connect("/v1/events") as socket:
        socket.receive_json()
        assert client.portal is not None
        for gone in (theirs, mine):
            order = BatchesControl(batch_id=gone.batch_id, action="delete")
            client.portal.call(gateway.hub.heed, order)
        told = socket.receive_json()
        client.portal.call(gateway.hub.close)
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()

    assert told == {"type": "deleted", "batch_id": str(mine.batch_id)}


async def test_who_waits_for_a_batch_is_told_that_it_was_deleted(gateway: FakeGateway) -> None:
    waiting = Waiting(gateway.batches, gateway.jobs, 5.0)

    with pytest.raises(NotFoundError, match="was deleted"):
        await waiting.of(ME, batch(), seconds=5.0)
