"""Somebody who is told over HTTP, for tests that have no event loop of their own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class HttpReceiver:
    """Answers each request with the next of `answers`, and 204 once they are used up."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)


@contextmanager
def http_receiver() -> Iterator[HttpReceiver]:
    told = HttpReceiver()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(told.answers.pop(0) if told.answers else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        told.url = f"http://127.0.0.1:{server.server_port}/told"
        yield told
        server.shutdown()
        thread.join()
