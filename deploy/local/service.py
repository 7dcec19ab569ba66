"""One of the five services, as one process."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from deploy.local.launcher import Launcher
from deploy.local.part import Launch, Part

SERVICES = ("gateway", "scripter", "adapter", "narrator", "aggregator")
# Threads of one product spin while they wait for the next; a service has its own parallel work.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
# Where a service's application is built; `{service}` is its name.
APPLICATION = "services.{service}.app:build"


class Service(Part):
    """A service under uvicorn. `narrator-2` is a second process of the narrator."""

    # What is in hand is finished or given back before it ends.
    grace = 40.0

    def __init__(
        self, launcher: Launcher, name: str, *, env: Mapping[str, str], application: str
    ) -> None:
        super().__init__(launcher)
        self.name = name
        self._env = env
        self._application = application.format(service=name.partition("-")[0])

    def prepare(self) -> Launch:
        """Choose the port."""
        port = self.state.port(self.name)
        command = [
            *(sys.executable, "-m", "uvicorn", self._application, "--factory"),
            *("--host", "127.0.0.1", "--port", str(port), "--no-access-log"),
            # A compressor for each watcher costs more memory than its half kilobyte a second.
            *("--ws-per-message-deflate", "false"),
        ]
        env = {**ONE_THREAD, **self._membership, **self._env}
        return Launch(command, f"http://127.0.0.1:{port}", env=env)

    @property
    def _membership(self) -> dict[str, str]:
        # A process that was killed and comes back takes its partitions over at once: it is
        # the same member, and nobody waits for its session to run out.
        return {
            "KAFKA_GROUP_INSTANCE_ID": self.name,
            "SESSION_TIMEOUT_SECONDS": "10",
            "DRAIN_SECONDS": str(self.grace - 10),
        }

    def healthy(self, address: str) -> bool:
        """Say whether it takes work."""
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
