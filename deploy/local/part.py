"""One part of the stack: a server or a service, started and stopped like every other."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import processes
from deploy.local.launcher import Launcher
from deploy.local.processes import Owner


@dataclass(frozen=True)
class Launch:
    """How a part's process is started."""

    command: Sequence[str | Path]
    address: str
    env: Mapping[str, str] = field(default_factory=dict)
    owner: Owner | None = None


class Part(ABC):
    """Something with a process and an address."""

    name: str
    stop_signal = signal.SIGTERM
    # Longer than it should ever take; after it the process is killed.
    grace = 30.0
    patience = 60.0

    def __init__(self, launcher: Launcher) -> None:
        self.launcher = launcher
        self.state = launcher.state
        self.environment = launcher.environment

    @property
    def folder(self) -> Path:
        """Where this part keeps its data."""
        return self.state.directory / self.name

    def start(self) -> str:
        """Bring the part up unless it is, and return its address.

        Raises:
            StartError: It did not come up.
        """
        record = self.state.record(self.name)
        if record is not None and record.running:
            self.launcher.wait(
                self.name, lambda: self.healthy(record.address), seconds=self.patience
            )
            return record.address
        launch = self.prepare()
        self.launcher.spawn(
            self.name,
            launch.command,
            address=launch.address,
            env=launch.env,
            owner=launch.owner,
        )
        address = self.settle(launch.address)
        self.launcher.wait(self.name, lambda: self.healthy(address), seconds=self.patience)
        self.complete(address)
        return address

    def stop(self) -> None:
        """Bring the part down; nothing happens where it is down."""
        record = self.state.record(self.name)
        if record is not None:
            processes.stop(record.identity, first=self.stop_signal, grace=self.grace)
            self.state.forget(self.name)

    def kill(self) -> None:
        """End the part the way a crash does. It stays on the list, as dead."""
        record = self.state.record(self.name)
        if record is not None:
            processes.kill(record.identity)

    @abstractmethod
    def prepare(self) -> Launch:
        """Get everything ready that a start needs, and return how to start."""

    @abstractmethod
    def healthy(self, address: str) -> bool:
        """Say whether the part does its work at this address."""

    def settle(self, address: str) -> str:
        """Return the address, where the process itself chooses it."""
        return address

    def complete(self, address: str) -> None:  # noqa: B027 - most parts have nothing to add
        """Do what can only be done once the part runs."""
