"""PostgreSQL, on TCP and the loopback only, without a password."""

import asyncio
import os
import shutil
import signal
import tempfile
from pathlib import Path

import asyncpg

from deploy.local import postgres_programs, processes
from deploy.local.console import say
from deploy.local.part import Launch, Part
from deploy.local.postgres_programs import Programs
from deploy.local.processes import Owner

DATABASE = "bolt"


class Postgres(Part):
    """The database server of the aggregator and the gateway."""

    name = "postgres"
    # "Fast": it closes its clients' connections; SIGTERM would wait for them to leave.
    stop_signal = signal.SIGINT

    def prepare(self) -> Launch:
        """Find the programs, make the data folder and its cluster."""
        user = postgres_programs.owner()
        programs = self._within_reach(postgres_programs.find(self.environment), user)
        # A cluster is of one major version: after an upgrade of the machine a new one is made.
        data = self._home(user) / f"data-{programs.major}"
        if not (data / "PG_VERSION").exists():
            self._make_cluster(programs, data, user)
        port = self.state.port("postgres")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "200",
            # What a crash of the machine could lose is test data; each commit is milliseconds
            # faster. A crash of the server alone loses nothing.
            "fsync": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Launch(
            [str(programs.folder / "postgres"), "-D", str(data), *options],
            f"postgresql://postgres@127.0.0.1:{port}/{DATABASE}",
            env={"LC_ALL": "C.UTF-8"},
            owner=user,
        )

    def healthy(self, address: str) -> bool:
        """Run a query in the server's own database; ours may not exist yet."""
        return asyncio.run(_answers(_server(address)))

    def complete(self, address: str) -> None:
        """Make our database where it is missing."""
        asyncio.run(_create_database(_server(address)))

    def kill(self) -> None:
        """Crash it: SIGQUIT drops everything and leaves recovery to the next start.

        SIGKILL would leave its children, which lead sessions of their own, to find out.
        """
        record = self.state.record(self.name)
        if record is not None:
            processes.stop(record.identity, first=signal.SIGQUIT, grace=5)

    def _make_cluster(self, programs: Programs, data: Path, user: Owner | None) -> None:
        # From 17 on it brings its own Unicode rules; before, the system's.
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            if programs.major >= 17
            else ["--locale=C.UTF-8"]
        )
        self.launcher.step(
            "making the PostgreSQL cluster",
            [
                *[str(programs.folder / "initdb"), "-D", str(data), "-U", "postgres"],
                *["--auth=trust", "-E", "UTF8", "--no-sync", *locale],
            ],
            env={"LC_ALL": "C.UTF-8"},
            owner=user,
        )

    def _home(self, user: Owner | None) -> Path:
        if user is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return self.folder
        elsewhere = self.state.external(self.name)
        if elsewhere is not None:
            return elsewhere
        self.state.directory.mkdir(parents=True, exist_ok=True)
        if postgres_programs.reachable(self.state.directory, user):
            self.folder.mkdir(exist_ok=True, mode=0o700)
            _give(self.folder, user)
            return self.folder
        return self._elsewhere(user)

    def _elsewhere(self, user: Owner) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="bolt-postgres-", dir="/var/tmp"))
        _give(folder, user)
        self.state.remember_external(self.name, folder)
        say(
            f"postgres   the user {user.name} cannot enter {self.state.directory}: data in {folder}"
        )
        return folder

    def _within_reach(self, programs: Programs, user: Owner | None) -> Programs:
        # The wheel's, in a checkout under root's home, say.
        if user is None or postgres_programs.reachable(programs.folder, user):
            return programs
        copy = self._home(user) / "programs"
        if not copy.exists():
            shutil.copytree(programs.folder.parent, copy, symlinks=True)
        return Programs(copy / "bin", programs.major)


def _give(folder: Path, user: Owner) -> None:
    os.chown(folder, user.uid, user.gid)


def _server(address: str) -> str:
    return f"{address.rpartition('/')[0]}/postgres"


async def _answers(address: str) -> bool:
    try:
        connection = await asyncpg.connect(address, timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    try:
        return bool(await connection.fetchval("select 1"))
    finally:
        await connection.close()


async def _create_database(address: str) -> None:
    connection = await asyncpg.connect(address, timeout=10)
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()
