"""Free ports on the loopback."""

import secrets
import socket

# Below the range the kernel takes ports for outgoing connections from, so that a port found
# free is still free when a slow server gets round to listening on it.
RANGE = range(20000, 32000)


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
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
