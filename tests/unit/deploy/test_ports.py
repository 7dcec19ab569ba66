import socket
import threading
import time

import pytest

from deploy.local import ports


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", ports.find()))


def test_a_port_that_is_given_up_in_a_moment_is_waited_for() -> None:
    server = listening()
    port = server.getsockname()[1]
    threading.Timer(0.4, server.close).start()

    assert not ports.is_free(port)
    assert ports.soon_free(port)


def test_a_port_that_stays_taken_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "MOMENT_SECONDS", 0.2)
    began = time.monotonic()

    with listening() as server:
        assert not ports.soon_free(server.getsockname()[1])

    assert time.monotonic() - began >= 0.2
