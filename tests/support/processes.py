"""Recorder processes, and what they wrote."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from uuid import UUID

from tests.support.waiting import until


class Log:
    """What the recorder processes wrote."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def lines(self, what: str) -> list[UUID]:
        """Return the jobs that were started ("S") or finished ("F"), in order."""
        if not self.file.exists():
            return []
        rows = (line.split() for line in self.file.read_text().splitlines())
        return [UUID(row[2]) for row in rows if row[0] == what]

    async def finished(self, count: int, *, seconds: float = 60.0) -> None:
        """Wait until `count` different jobs are finished."""

        async def enough() -> bool:
            return len(set(self.lines("F"))) >= count

        await until(enough, seconds=seconds)


class Processes:
    """Recorder processes, ended by id."""

    def __init__(self, kafka: str, topic: str, log: Log, **env: str) -> None:
        self._env = dict(os.environ) | {  # noqa: TID251 - a child inherits it
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "RECORDER_FILE": str(log.file),
            "RECORDER_TOPIC": topic,
            "SESSION_TIMEOUT_SECONDS": "6",
            "LOG_LEVEL": "WARNING",
            **env,
        }
        self._running: list[subprocess.Popen[bytes]] = []
        self._ports: dict[int, int] = {}

    def start(self, **env: str) -> subprocess.Popen[bytes]:
        """Start one more."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "uvicorn", "tests.support.recorder:build", "--factory"]
        process = subprocess.Popen([*command, "--port", str(port)], env=self._env | env)
        self._running.append(process)
        self._ports[process.pid] = port
        return process

    def port(self, process: subprocess.Popen[bytes]) -> int:
        """Return where its probes answer."""
        return self._ports[process.pid]

    async def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Tell one to stop, as a deployment does, and wait for it."""
        process.terminate()
        await asyncio.to_thread(process.wait, 30)

    def end(self) -> None:
        """Kill all that are left."""
        for process in self._running:
            process.kill()
            process.wait(10)
