"""A server on a free port that answers every POST as a test says."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Request(NamedTuple):
    """What was asked."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Response:
    """What to answer; where it is `held`, once the server has `released` it."""

    body: bytes | str | dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    held: bool = False

    @property
    def content(self) -> bytes:
        body = json.dumps(self.body) if isinstance(self.body, dict) else self.body
        return body.encode() if isinstance(body, str) else body


@dataclass
class Endpoint:
    """What it was asked, and how it answers."""

    answer: Callable[[Request], Response]
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[Endpoint]:
    state = Endpoint(answer)
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


def _handler(state: Endpoint) -> type[BaseHTTPRequestHandler]:
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
            if response.held:
                state.released.wait(10)
            self.send_response(response.status)
            for name, value in ({"Content-Type": "application/json"} | response.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.content)))
            # A client that gave up has closed its end.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.end_headers()
                self.wfile.write(response.content)

    return Handler
