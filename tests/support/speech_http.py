"""A server on a free port that answers every POST as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Response:
    """What to answer."""

    body: bytes | str | dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        body = json.dumps(self.body) if isinstance(self.body, dict) else self.body
        return body.encode() if isinstance(body, str) else body


@dataclass
class SpeechServer:
    """What it was asked, and how it answers."""

    answer: Callable[[Request], Response]
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    # Set to let an answer that waits for it go.
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[SpeechServer]:
    state = SpeechServer(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()


def _handler(state: SpeechServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, body)
            state.requests.append(request)
            response = state.answer(request)
            self.send_response(response.status)
            for name, value in ({"Content-Type": "application/json"} | response.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            self.wfile.write(response.content)

    return Handler
