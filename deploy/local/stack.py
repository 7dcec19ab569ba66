"""The local stack, for code: tests, benchmarks, the demo, and the commands.

with Stack(tmp_path, services=()) as stack:
    connect(stack.endpoints.database_url)
"""

import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from deploy.local import service_environment, together
from deploy.local.environment import Environment
from deploy.local.launcher import Launcher
from deploy.local.locking import locked
from deploy.local.part import Part
from deploy.local.servers import EVERY_SERVER, SERVERS, embedded_broker, server
from deploy.local.service import APPLICATION, SERVICES, Service
from deploy.local.service_environment import Endpoints
from deploy.local.state import State
from deploy.local.together import Notice

# Modules run before the first service starts; each may be run again at any time.
PREPARATIONS = ("shared.postgres.migrate", "shared.runtime.create_topics")


def silent(_part: str, _news: str) -> None:
    """Say nothing: code that starts a stack has nobody to talk to."""


class Stack:
    """Servers and services of one state folder.

    Args:
        state_dir: Where all of it lies; the environment's, if left out.
        servers: Which to start, of kafka, postgres, valkey and s3.
        services: Which to start; `narrator-2` is a second narrator.
        env: What every service gets on top of the environment.
        application: Where a service is built, `{service}` being its name.
        preparations: Modules that are run before the services start.
        environment: What to take for the caller's environment.
        notice: Is told what came up, and how long that took.
        forget: Remove all data and logs at the end of a `with`.
    """

    def __init__(  # noqa: PLR0913 - all but the first are keywords with a default
        self,
        state_dir: Path | None = None,
        *,
        servers: Sequence[str] = SERVERS,
        services: Sequence[str] = SERVICES,
        env: Mapping[str, str] | None = None,
        application: str = APPLICATION,
        preparations: Sequence[str] = PREPARATIONS,
        environment: Environment | None = None,
        notice: Notice = silent,
        forget: bool = False,
    ) -> None:
        self.environment = environment or Environment.read()
        self.state = State((state_dir or self.environment.state_dir).absolute())
        self.servers = tuple(servers)
        self.services = tuple(services)
        self._env = dict(env or {})
        self._application = application
        self._preparations = tuple(preparations)
        self._notice = notice
        self._forget = forget
        self._launcher = Launcher(self.state, self.environment)

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop(forget=self._forget)

    def start(self) -> None:
        """Bring up what is not up; all of it is healthy when this returns.

        Raises:
            StartError: Something did not come up. Nothing is left running then.
        """
        self._launcher.renew()
        try:
            with self._alone():
                self._start(name for name in self.servers if not self.environment.provided(name))
                running = self.pids()
                if not running.keys() >= set(self.services):
                    self.prepare()
                self._start(self.services)
        except BaseException:
            # Ctrl-C too: whatever was on its way up goes down again.
            self._launcher.cancel()
            self.stop()
            raise

    def stop(self, *, forget: bool = False) -> None:
        """Bring everything of this state folder down: services first, then servers.

        Args:
            forget: Remove its data and its logs as well.
        """
        with self._alone():
            parts = [self._part(name) for name in self.state.records()]
            together.stop([part for part in parts if part.name not in EVERY_SERVER])
            together.stop([part for part in parts if part.name in EVERY_SERVER])
        if forget:
            for folder in (*self.state.externals(), self.state.directory):
                shutil.rmtree(folder, ignore_errors=True)
            self.state.reload()

    @property
    def endpoints(self) -> Endpoints:
        """Where the servers are: those provided, and our own once they run."""
        return Endpoints(*(self._address(name) for name in EVERY_SERVER))

    def service_url(self, name: str) -> str:
        """Return where a service that was started answers.

        Raises:
            KeyError: It was not started.
        """
        record = self.state.record(name)
        if record is None:
            raise KeyError(name)
        return record.address

    def start_service(self, name: str, *, env: Mapping[str, str] | None = None) -> str:
        """Start a service, or one more process of it; return its address once it is ready.

        Raises:
            StartError: It did not come up.
        """
        self._launcher.renew()
        with self._alone():
            return together.start_one(self._part(name, env), self._notice)

    def stop_service(self, name: str) -> None:
        """Stop a service the way a deployment does: it may finish what it has in hand."""
        with self._alone():
            self._part(name).stop()

    def started_services(self) -> list[str]:
        """Return the services that were started and not stopped since, whether they run or not."""
        self.state.reload()
        return [name for name in self.state.records() if name not in EVERY_SERVER]

    def revive(self) -> None:
        """Start the services again that have ended by themselves, in the way they were started.

        Raises:
            StartError: One did not come up.
        """
        if set(self.started_services()) <= self.pids().keys():
            return
        self._launcher.renew()
        with self._alone():
            # Looked at again: whoever stopped one meanwhile held the lock.
            gone = [name for name in self.started_services() if name not in self.pids()]
            self._start(gone)

    def kill(self, name: str) -> None:
        """End a service or a server at once, the way a crash does."""
        self._part(name).kill()

    def pids(self) -> dict[str, int]:
        """Return the process of everything that runs now."""
        return {name: each.pid for name, each in self.state.records().items() if each.running}

    def prepare(self) -> None:
        """Migrate the database and create the topics.

        Raises:
            StartError: One of them failed.
        """
        for module in self._preparations:
            # The embedded broker was given its topics when it started; it knows no other way.
            if module == "shared.runtime.create_topics" and embedded_broker(self.environment):
                continue
            began = time.monotonic()
            self._launcher.step(module, [sys.executable, "-m", module], env=self.service_env())
            self._notice(module, f"done in {time.monotonic() - began:.1f} s")

    def service_env(self) -> dict[str, str]:
        """Return what every service finds in its environment, beyond the caller's own."""
        found = service_environment.for_services(self.endpoints, self.state, self.environment)
        sealing = service_environment.for_sealing(self.state, self.environment)
        return {**found, **sealing, **self._env}

    def _start(self, names: Iterator[str] | Sequence[str]) -> None:
        together.start([self._part(name) for name in names], self._launcher, self._notice)

    def _part(self, name: str, env: Mapping[str, str] | None = None) -> Part:
        if name in EVERY_SERVER:
            return server(name, self._launcher)
        if name.partition("-")[0] not in SERVICES:
            raise KeyError(name)
        own = self.service_env() | dict(env or {})
        if name.partition("-")[0] == "gateway":
            own = service_environment.for_gateway(self.state, self.environment) | own
        return Service(self._launcher, name, env=own, application=self._application)

    def _address(self, name: str) -> str:
        record = self.state.record(name)
        return self.environment.provided(name) or (record.address if record else "")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # `down` in another terminal waits for the `up` in this one.
        with locked(self.state.directory / "lock"):
            self.state.reload()
            yield
