"""Somebody who is told: an HTTP server on loopback that does as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """Answers each request with the next of `answers`, and 204 once they are used up."""

    port: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    silent: bool = False

    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.received]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        pairs = (line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.received.append(Received(headers, body.decode()))
        if self.silent:
            await reader.read()
        else:
            status, text = self.answers.pop(0) if self.answers else (204, "")
            extra = "Location: http://169.254.169.254/\r\n" if 300 <= status < 400 else ""
            writer.write(
                f"HTTP/1.1 {status} -\r\n{extra}Connection: close\r\n"
                f"Content-Length: {len(text.encode())}\r\n\r\n{text}".encode()
            )
            await writer.drain()
        writer.close()


@asynccontextmanager
async def receiver(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    told = Receiver()
    server = await asyncio.start_server(told.answer, "127.0.0.1", 0, ssl=tls)
    told.port = server.sockets[0].getsockname()[1]
    async with server:
        yield told
