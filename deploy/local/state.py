"""What a stack remembers between commands: ports, processes, and folders elsewhere."""

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local import ports
from deploy.local.processes import Identity, alive


@dataclass(frozen=True)
class Record:
    """A process that was started, and where it answers."""

    pid: int
    born: str
    address: str
    log: str

    @property
    def identity(self) -> Identity:
        """Which process this is."""
        return Identity(self.pid, self.born)

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return alive(self.identity)


class State:
    """The state folder, and the one JSON file that says what is in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.logs = directory / "logs"
        self._file = directory / "stack.json"
        # Servers start in parallel, each in a thread.
        self._lock = threading.RLock()
        self._ports: dict[str, int] = {}
        self._directories: dict[str, str] = {}
        self._records: dict[str, Record] = {}
        self.reload()

    def reload(self) -> None:
        """Read again what another process may have written."""
        with self._lock:
            stored = self._read()
            self._ports = stored.get("ports", {})
            self._directories = stored.get("directories", {})
            processes = stored.get("processes", {})
            self._records = {name: Record(**each) for name, each in processes.items()}

    def port(self, name: str) -> int:
        """Return the port this part had before, or a free one if that is taken now."""
        with self._lock:
            port = self._ports.get(name)
            if port is None or not ports.soon_free(port):
                port = ports.find()
                while port in self._ports.values():
                    port = ports.find()
                self._ports[name] = port
                self._write()
            return port

    def external(self, name: str) -> Path | None:
        """Return a folder of this stack that had to lie outside its state folder."""
        with self._lock:
            found = self._directories.get(name)
        return Path(found) if found and Path(found).is_dir() else None

    def externals(self) -> list[Path]:
        """Return every such folder."""
        with self._lock:
            return [Path(each) for each in self._directories.values()]

    def remember_external(self, name: str, directory: Path) -> None:
        """Keep in mind a folder that lies elsewhere."""
        with self._lock:
            self._directories[name] = str(directory)
            self._write()

    def record(self, name: str) -> Record | None:
        """Return what was last started under this name."""
        with self._lock:
            return self._records.get(name)

    def records(self) -> dict[str, Record]:
        """Return everything that was started and not stopped again."""
        with self._lock:
            return dict(self._records)

    def remember(self, name: str, record: Record) -> None:
        """Keep in mind a process that was started."""
        with self._lock:
            self._records[name] = record
            self._write()

    def forget(self, name: str) -> None:
        """Drop a process that was stopped."""
        with self._lock:
            if self._records.pop(name, None) is not None:
                self._write()

    def _read(self) -> dict[str, Any]:
        try:
            stored: dict[str, Any] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return stored

    def _write(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        content = {
            "ports": self._ports,
            "directories": self._directories,
            "processes": {name: asdict(each) for name, each in self._records.items()},
        }
        # Whole or not at all: a pid that is lost is a process nobody stops.
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(content, indent=2))
        draft.replace(self._file)
