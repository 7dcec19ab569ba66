"""A real Prometheus for tests: the installed one, else Debian's package, unpacked."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local import ports
from deploy.local.locking import locked
from deploy.local.paths import LOCAL

UNPACKED = LOCAL / "prometheus"


def program(name: str) -> str:
    """Return the path of `prometheus` or `promtool`."""
    found = shutil.which(name)
    if found:
        return found
    unpacked = UNPACKED / "usr" / "bin" / name
    with locked(LOCAL / "prometheus.lock"):
        if not unpacked.exists():
            _unpack()
    return str(unpacked)


def _unpack() -> None:
    # Not `apt-get install`: that would start a server, and needs root.
    draft = LOCAL / "prometheus.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    download = ["apt-get", "download", "-qq", "prometheus"]
    if subprocess.run(download, cwd=draft, check=False, capture_output=True).returncode:
        subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
        subprocess.run(download, cwd=draft, check=True, capture_output=True)
    package = next(draft.glob("*.deb"))
    subprocess.run(["dpkg-deb", "-x", str(package), str(draft)], check=True)
    package.unlink()
    draft.rename(UNPACKED)


@dataclass(frozen=True)
class Prometheus:
    """A server that runs."""

    url: str

    def ask(self, path: str, **parameters: str | float) -> Any:
        query = urllib.parse.urlencode(parameters)
        address = f"{self.url}/api/v1/{path}?{query}"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - loopback
                return json.loads(answer.read())["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path} {parameters}: {error.read().decode()}") from None

    def query(self, expression: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("query", query=expression)["result"]
        return found

    def firing(self) -> set[str]:
        alerts = self.ask("alerts")["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}


@contextmanager
def prometheus(
    folder: Path, targets: dict[str, str], rules: Sequence[Path] = ()
) -> Iterator[Prometheus]:
    """Run a server that scrapes `targets`, an address by job, every second."""
    port = ports.find()
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(rule) for rule in rules],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [address]}]}
            for job, address in targets.items()
        ],
    }
    file = folder / "prometheus.yml"
    # JSON is YAML.
    file.write_text(json.dumps(configuration))
    command = [
        program("prometheus"),
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--enable-feature=exemplar-storage",
        "--log.level=warn",
    ]
    with (folder / "prometheus.log").open("w") as log, subprocess.Popen(command, stderr=log) as it:
        running = Prometheus(f"http://127.0.0.1:{port}")
        try:
            _wait(running.url)
            yield running
        finally:
            it.terminate()


def _wait(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(f"{url}/-/ready", timeout=2)  # noqa: S310 - loopback
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
