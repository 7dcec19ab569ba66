import json
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from services.gateway.store.batches import Batch
from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, batch


def progress(batch_id: UUID, seq: int, state: BatchState) -> BatchesProgress:
    return BatchesProgress(
        batch_id=batch_id, user_id=ME, seq=seq, state=state, counts=BatchCounts(total=1)
    )


def frames(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for frame in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in frame.split("\n"))
        found.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return found


def goes_on_after_it_was_read(
    monkeypatch: pytest.MonkeyPatch, gateway: FakeGateway, running: Batch
) -> None:
    """Say the rest as soon as a watcher has read the batch."""
    read = gateway.batches.get

    async def get(user_id: UUID, batch_id: UUID) -> Batch | None:
        row = await read(user_id, batch_id)
        gateway.hub.publish(progress(running.batch_id, 3, BatchState.RUNNING))
        gateway.hub.publish(progress(running.batch_id, 4, BatchState.RUNNING))
        gateway.hub.publish(progress(running.batch_id, 5, BatchState.COMPLETED))
        return row

    monkeypatch.setattr(gateway.batches, "get", get)


def test_a_snapshot_and_then_every_change_until_the_end(
    client: TestClient, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = gateway.batches.add(batch(seq=3))
    goes_on_after_it_was_read(monkeypatch, gateway, running)

    answer = client.get(f"/v1/batches/{running.batch_id}/events")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [(i, event) for i, event, _ in frames(answer.text)] == [
        ("3", "snapshot"),
        ("4", "progress"),
        ("5", "progress"),
    ]
    assert frames(answer.text)[0][2]["batch"]["batch_id"] == str(running.batch_id)


def test_who_comes_back_is_told_neither_less_nor_more(
    client: TestClient, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = gateway.batches.add(batch(seq=3))
    goes_on_after_it_was_read(monkeypatch, gateway, running)

    answer = client.get(f"/v1/batches/{running.batch_id}/events", headers={"Last-Event-ID": "3"})

    assert [i for i, _, _ in frames(answer.text)] == ["4", "5"]


def test_who_comes_back_after_the_end_is_told_to_stay_away(
    client: TestClient, gateway: FakeGateway
) -> None:
    ended = gateway.batches.add(batch(seq=8, state=BatchState.COMPLETED))
    path = f"/v1/batches/{ended.batch_id}/events"

    assert client.get(path, headers={"Last-Event-ID": "8"}).status_code == 204
    assert [i for i, _, _ in frames(client.get(path).text)] == ["8"]


def test_a_ticket_is_good_for_one_stream(
    client: TestClient, stranger: TestClient, gateway: FakeGateway
) -> None:
    ended = gateway.batches.add(batch(state=BatchState.COMPLETED))
    path = f"/v1/batches/{ended.batch_id}/events"
    ticket = client.post("/v1/tickets").json()["ticket"]

    first = stranger.get(path, params={"token": ticket})
    second = stranger.get(path, params={"token": ticket})

    assert (first.status_code, second.status_code) == (200, 401)


def test_somebody_elses_batch_is_not_there(gateway: FakeGateway) -> None:
    running = gateway.batches.add(batch())
    with gateway.client(SOMEBODY_ELSE) as client:
        assert client.get(f"/v1/batches/{running.batch_id}/events").status_code == 404


def test_all_batches_of_a_user_are_watched_by_one_socket(
    client: TestClient, gateway: FakeGateway
) -> None:
    running = gateway.batches.add(batch(seq=3))
    gateway.batches.add(batch(state=BatchState.COMPLETED))
    gateway.batches.add(batch(), SOMEBODY_ELSE)
    theirs = progress(running.batch_id, 9, BatchState.RUNNING).model_copy(
        update={"user_id": SOMEBODY_ELSE}
    )

    with client.websocket_connect("/v1/events") as socket:
        snapshot = socket.receive_json()
        assert client.portal is not None
        for event in (
            theirs,
            progress(running.batch_id, 3, BatchState.RUNNING),
            progress(running.batch_id, 4, BatchState.RUNNING),
        ):
            client.portal.call(gateway.hub.publish, event)
        news = socket.receive_json()
        client.portal.call(gateway.hub.close)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()

    assert closed.value.code == 1012
    assert [b["batch_id"] for b in snapshot["batches"]] == [str(running.batch_id)]
    assert (news["type"], news["batch_id"], news["seq"]) == (
        "progress",
        str(running.batch_id),
        4,
    )
