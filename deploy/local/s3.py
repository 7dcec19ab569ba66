"""An S3 server for tests: OpenStack Swift, with its S3 interface, in one process."""

import urllib.error
import urllib.request
from pathlib import Path

from deploy.local.launcher import StartError
from deploy.local.part import Launch, Part
from deploy.local.paths import SERVERS_PYTHON

# What its clients sign with. Swift's access keys are account:user.
ACCESS_KEY = "bolt:bolt"
SECRET_KEY = "bolt-local"  # noqa: S105 - a server of tests, on the loopback
REGION = "us-east-1"


class S3(Part):
    """A real object store that checks signatures, ranges and conditions."""

    name = "s3"

    def prepare(self) -> Launch:
        """Choose the folder and the port."""
        if not SERVERS_PYTHON.exists():
            raise StartError("the servers are not installed: run `make setup`")
        self.folder.mkdir(parents=True, exist_ok=True)
        port = self.state.port("s3")
        script = Path(__file__).with_name("swift_process.py")
        return Launch(
            [SERVERS_PYTHON, script, self.folder, str(port), ACCESS_KEY, SECRET_KEY],
            f"http://127.0.0.1:{port}",
            # Nothing of the application's is wanted there, nor of its environment's paths.
            env={"PYTHONPATH": ""},
        )

    def healthy(self, address: str) -> bool:
        """Ask the front of it, which starts last."""
        try:
            with urllib.request.urlopen(f"{address}/healthcheck", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
