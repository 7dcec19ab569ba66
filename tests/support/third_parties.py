"""What Google stands for in a test: emulators in a process of their own."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Providers:
    """Where they are, and what they were asked."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.urls = urls

    def calls(self) -> list[dict[str, Any]]:
        return list(self._ask("GET", "/_calls")["log"])

    def behave(self, **behaviour: Any) -> None:
        self._ask("POST", "/_control", json.dumps(behaviour).encode())

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.urls["gemini"] + path,
            data=body,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read())


@contextmanager
def running() -> Iterator[Providers]:
    command = [sys.executable, "-m", "bench.emulators", "--print-json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Providers(json.loads(process.stdout.readline()))
        process.terminate()
