"""Free ports on the loopback."""

import secrets
import socket
import time

# Below the range the kernel takes ports for outgoing connections from, so that a port found
# free is still free when a slow server gets round to listening on it.
RANGE = range(20000, 32000)
MOMENT_SECONDS = 3.0


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def soon_free(port: int) -> bool:
    """Say whether a server could listen on this port now, or in a moment.

    A process that was killed is gone before the last of its threads is, and with it the socket.
    """
    deadline = time.monotonic() + MOMENT_SECONDS
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def answers(port: int) -> bool:
    """Say whether something listens on this port."""
    with socket.socket() as attempt:
        attempt.settimeout(1)
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def find() -> int:
    """Return a port nobody listens on."""
    for _ in range(200):
        port = secrets.choice(RANGE)
        if is_free(port):
            return port
    raise OSError("no free port between 20000 and 32000")
