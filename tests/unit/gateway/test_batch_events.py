import time
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, batch, settings


def code_of(socket: WebSocketTestSession) -> int:
    with pytest.raises(WebSocketDisconnect) as caught:
        socket.receive_json()
    return caught.value.code


def test_sends_a_snapshot_and_closes_when_the_batch_has_ended(
    client: TestClient, gateway: FakeGateway
) -> None:
    ended = gateway.batches.add(batch(state=BatchState.COMPLETED, seq=8))

    with client.websocket_connect(f"/v1/batches/{ended.batch_id}/events") as socket:
        message = socket.receive_json()
        code = code_of(socket)

    assert (message["type"], message["seq"]) == ("snapshot", 8)
    assert message["batch"] == client.get(f"/v1/batches/{ended.batch_id}").json()
    assert code == 1000


def test_sends_what_the_hub_says(client: TestClient, gateway: FakeGateway) -> None:
    running = gateway.batches.add(batch(seq=1))

    with client.websocket_connect(f"/v1/batches/{running.batch_id}/events") as socket:
        socket.receive_json()
        assert client.portal is not None
        client.portal.call(gateway.hub.publish, ended(running.batch_id, seq=2))
        message = socket.receive_json()
        code = code_of(socket)

    assert (message["type"], message["seq"], message["state"]) == ("progress", 2, "completed")
    assert message["counts"]["completed"] == 1
    assert code == 1000


def ended(batch_id: UUID, seq: int) -> BatchesProgress:
    return BatchesProgress(
        batch_id=batch_id,
        user_id=ME,
        seq=seq,
        state=BatchState.COMPLETED,
        counts=BatchCounts(total=1, completed=1),
    )


@pytest.mark.parametrize("query", ["", "?token=nonsense"])
def test_nobody_gets_4401(stranger: TestClient, gateway: FakeGateway, query: str) -> None:
    mine = gateway.batches.add(batch())

    with stranger.websocket_connect(f"/v1/batches/{mine.batch_id}/events{query}") as socket:
        assert code_of(socket) == 4401


def test_an_access_token_does_not_belong_in_a_url(
    stranger: TestClient, gateway: FakeGateway
) -> None:
    url = f"/v1/batches/{uuid4()}/events?token={gateway.token(ME)}"

    with stranger.websocket_connect(url) as socket:
        assert code_of(socket) == 4401


def test_a_batch_of_somebody_else_is_4404(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.batches.add(batch(), owner=SOMEBODY_ELSE)

    for name in (theirs.batch_id, uuid4(), "not-an-id"):
        with client.websocket_connect(f"/v1/batches/{name}/events") as socket:
            assert code_of(socket) == 4404


def test_a_ticket_opens_one_socket(
    client: TestClient, stranger: TestClient, gateway: FakeGateway
) -> None:
    mine = gateway.batches.add(batch(state=BatchState.COMPLETED))
    ticket = client.post("/v1/tickets").json()["ticket"]
    url = f"/v1/batches/{mine.batch_id}/events?token={ticket}"

    with stranger.websocket_connect(url) as first:
        message = first.receive_json()
    with stranger.websocket_connect(url) as second:
        code = code_of(second)

    assert (message["type"], code) == ("snapshot", 4401)


def test_a_shutdown_is_1012(client: TestClient, gateway: FakeGateway) -> None:
    running = gateway.batches.add(batch())

    with client.websocket_connect(f"/v1/batches/{running.batch_id}/events") as socket:
        socket.receive_json()
        assert client.portal is not None
        client.portal.call(gateway.hub.close)
        code = code_of(socket)

    assert code == 1012


def test_a_client_that_leaves_is_forgotten(client: TestClient, gateway: FakeGateway) -> None:
    running = gateway.batches.add(batch())

    with client.websocket_connect(f"/v1/batches/{running.batch_id}/events") as socket:
        socket.receive_json()
        socket.close()
        deadline = time.monotonic() + 5
        while gateway.hub._feeds and time.monotonic() < deadline:
            time.sleep(0.01)

    assert not gateway.hub._feeds


def test_sockets_are_counted_with_the_requests_of_their_user_and_of_nobody() -> None:
    gateway = FakeGateway(settings=settings(rate_limits="read=1/60s,refused=1/60s"))
    ended = gateway.batches.add(batch(state=BatchState.COMPLETED))
    path = f"/v1/batches/{ended.batch_id}/events"

    with gateway.client() as ana, gateway.client(user_id=None) as nobody:
        codes = []
        for client in (nobody, nobody, ana, ana):
            with client.websocket_connect(path) as socket:
                message = socket.receive()
                codes.append(message.get("code"))
        stream = nobody.get(path)

    assert codes == [4401, 1013, None, 1013]
    assert stream.status_code == 429
