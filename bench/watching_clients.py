"""Thousands of WebSocket clients that do next to nothing, in a process of their own.

A client library would take longer to read a frame than the gateway takes to send it, and the
lag would be the client's. These read frames as bytes and note when each one was there.
"""

import base64
import os
import re
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

CONNECTING_AT_ONCE = 50
PATIENCE_SECONDS = 60.0
READ_BYTES = 65_536
TEXT, PING, PONG = 0x1, 0x9, 0xA
SEQ = re.compile(rb'"type":"progress".*?"seq":(\d+)')

Arrivals = list[tuple[int, float]]


@dataclass(slots=True)
class Client:
    """One connection, and what has arrived of its next frame."""

    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray)

    def ask(self, path: str, token: str) -> None:
        """Ask for the upgrade."""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {path} HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {token}",
        )
        self.socket.sendall("\r\n".join((*lines, "", "")).encode())

    def settle(self) -> None:
        """Wait for the upgrade.

        Raises:
            ConnectionError: It was refused.
        """
        while b"\r\n\r\n" not in self.buffer:
            if not (data := self.socket.recv(READ_BYTES)):
                raise ConnectionError("the gateway hung up")
            self.buffer += data
        head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        if b" 101 " not in head.splitlines()[0]:
            raise ConnectionError(head.splitlines()[0].decode())
        self.buffer = bytearray(rest)
        self.socket.setblocking(False)

    def hear(self, heard: Arrivals) -> bool:
        """Add what has arrived to `heard`; return whether more may come."""
        data = self.socket.recv(READ_BYTES)
        at = time.monotonic()
        self.buffer += data
        for kind, content in self.frames():
            if kind == TEXT and (found := SEQ.search(content)):
                heard.append((int(found[1]), at))
            elif kind == PING:
                header = bytes((0x80 | PONG, 0x80 | len(content), 0, 0, 0, 0))
                self.socket.send(header + content)
        return bool(data)

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Yield the whole frames that have arrived: what each is, and what is in it."""
        while (place := _place(self.buffer)) is not None:
            start, end = place
            yield self.buffer[0] & 0x0F, bytes(self.buffer[start:end])
            del self.buffer[:end]


def receive(pipe: Connection, address: tuple[str, int], asked: Sequence[str], count: int) -> None:
    """Connect `count` clients, say so, and send back what each heard when, until told to end.

    Args:
        pipe: To whoever started this process.
        address: The gateway's.
        asked: The path and the token to ask with.
        count: How many clients.
    """
    clients: dict[int, Client] = {}
    for start in range(0, count, CONNECTING_AT_ONCE):
        some = range(start, min(count, start + CONNECTING_AT_ONCE))
        opened = [Client(socket.create_connection(address, PATIENCE_SECONDS)) for _ in some]
        for client in opened:
            client.ask(*asked)
        for client in opened:
            client.settle()
            clients[client.socket.fileno()] = client
    pipe.send(len(clients))
    pipe.send(_listen(pipe, clients))


def _listen(pipe: Connection, clients: dict[int, Client]) -> Arrivals:
    heard: Arrivals = []
    poll = select.epoll()
    poll.register(pipe.fileno(), select.EPOLLIN)
    for number in clients:
        poll.register(number, select.EPOLLIN)
    while True:
        for number, _ in poll.poll():
            if number == pipe.fileno():
                return heard
            client = clients[number]
            if not client.hear(heard):
                poll.unregister(number)


def _place(buffer: bytearray) -> tuple[int, int] | None:
    """Return where the content of the first frame begins and ends, where all of it is there."""
    if len(buffer) < 2:
        return None
    size, start = buffer[1] & 0x7F, 2
    if size > 125:
        start = 4 if size == 126 else 10
        if len(buffer) < start:
            return None
        size = int.from_bytes(buffer[2:start], "big")
    return (start, start + size) if len(buffer) >= start + size else None
