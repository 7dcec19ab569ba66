"""Starts the processes of one stack, waits for them, and can be called off while it does."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from deploy.local import processes
from deploy.local.environment import Environment
from deploy.local.paths import ROOT
from deploy.local.processes import Owner
from deploy.local.state import Record, State

# A log above this is put aside when its part starts again; one older log is kept.
LOG_LIMIT = 16 * 1024 * 1024


class StartError(Exception):
    """A part of the stack did not come up."""


class CancelledError(StartError):
    """The user gave up while the stack was starting."""


class Launcher:
    """What every part starts its processes with."""

    def __init__(self, state: State, environment: Environment) -> None:
        self.state = state
        self.environment = environment
        self._cancelled = threading.Event()
        # Held while a process is started and written down, so that none slips past `cancel`.
        self._spawning = threading.Lock()

    def cancel(self) -> None:
        """Start nothing more, and break off every wait."""
        with self._spawning:
            self._cancelled.set()

    def renew(self) -> None:
        """Start things again after a `cancel`."""
        self._cancelled.clear()

    def log(self, name: str) -> Path:
        """Return the log file of a part."""
        return self.state.logs / f"{name}.log"

    def spawn(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        address: str,
        env: Mapping[str, str] | None = None,
        owner: Owner | None = None,
    ) -> Record:
        """Start a process that stays, and write it down before anything else can happen."""
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        with self._spawning:
            self._check()
            identity = processes.spawn(
                command,
                env={**self.environment.variables, **(env or {})},
                log=log,
                # Not a folder that only root may enter, when it does not run as root.
                cwd=Path("/") if owner else ROOT,
                owner=owner,
            )
            record = Record(identity.pid, identity.born, address, str(log))
            self.state.remember(name, record)
        return record

    def readdress(self, name: str, address: str) -> None:
        """Write down the address of a process that chose it itself."""
        record = self.state.record(name)
        if record is not None:
            self.state.remember(name, replace(record, address=address))

    def step(
        self,
        what: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        owner: Owner | None = None,
    ) -> None:
        """Run a command to its end.

        Raises:
            StartError: It failed; the last lines it wrote say why.
        """
        self._check()
        with subprocess.Popen(
            command,
            env={**self.environment.variables, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/" if owner else ROOT,
            start_new_session=True,
            user=owner.uid if owner else None,
            group=owner.gid if owner else None,
            extra_groups=[] if owner else None,
        ) as child:
            output = self._output(child)
        if child.returncode != 0:
            raise StartError(f"{what}: failed with {child.returncode}\n{last_lines(output)}")

    def _output(self, child: subprocess.Popen[bytes]) -> str:
        while True:
            try:
                output, _ = child.communicate(timeout=0.1)
                return output.decode(errors="replace")
            except subprocess.TimeoutExpired:
                if self._cancelled.is_set():
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()
                    self._check()

    def wait(self, name: str, ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Wait until a part that was started is ready.

        Raises:
            StartError: It ended, or took too long; with the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self._check()
            record = self.state.record(name)
            if record is None or not record.running:
                raise StartError(f"{name} ended while starting.\n{self._end_of_log(name)}")
            if time.monotonic() > deadline:
                raise StartError(
                    f"{name} was not ready within {seconds:.0f} s.\n{self._end_of_log(name)}"
                )
            self._cancelled.wait(0.05)

    def _end_of_log(self, name: str) -> str:
        log = self.log(name)
        text = log.read_text(errors="replace") if log.exists() else ""
        return f"The end of {log}:\n{last_lines(text)}"

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise CancelledError("interrupted")


def last_lines(text: str, count: int = 20) -> str:
    """Return the end of a text, indented for the console."""
    lines = text.rstrip().splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines) or "    (nothing)"
