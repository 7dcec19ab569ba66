import socket
import time
from uuid import uuid4

from bench.watching_clients import Arrivals, Client
from services.gateway.telling import Telling, text_of
from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState


def frame(content: bytes, kind: int = 1) -> bytes:
    size = len(content)
    length = bytes((size,)) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    return bytes((0x80 | kind,)) + length + content


def progress(seq: int) -> bytes:
    event = BatchesProgress(
        batch_id=uuid4(), user_id=uuid4(), seq=seq, state=BatchState.RUNNING, counts=BatchCounts()
    )
    return text_of(Telling().progress(event)).encode()


def test_frames_are_read_however_they_are_cut() -> None:
    ours, theirs = socket.socketpair()
    client, heard = Client(ours), Arrivals()
    sent = frame(b'{"type":"ping"}') + frame(progress(7)) + frame(progress(8))

    with ours, theirs:
        for part in (sent[:20], sent[20:400], sent[400:]):
            theirs.sendall(part)
            assert client.hear(heard)

    assert [seq for seq, _ in heard] == [7, 8]
    assert all(at <= time.monotonic() for _, at in heard)


def test_a_ping_is_answered() -> None:
    ours, theirs = socket.socketpair()

    with ours, theirs:
        theirs.sendall(frame(b"abcd", kind=9))
        Client(ours).hear(Arrivals())
        answer = theirs.recv(100)

    assert (answer[0] & 0x0F, answer[-4:]) == (10, b"abcd")


def test_a_server_that_hangs_up_is_noticed() -> None:
    ours, theirs = socket.socketpair()

    theirs.close()

    with ours:
        assert not Client(ours).hear(Arrivals())
