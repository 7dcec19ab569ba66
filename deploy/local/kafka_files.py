"""Kafka's own files: fetched once by Maven, shared by every stack of this checkout."""

import hashlib
import os
import shutil
from pathlib import Path

from deploy.local.environment import Environment
from deploy.local.launcher import CancelledError, Launcher, StartError
from deploy.local.locking import locked
from deploy.local.paths import KAFKA_CACHE, RESOURCES

POM = RESOURCES / "pom.xml"
CHECKSUMS = RESOURCES / "kafka.sha256"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def fetched() -> Path | None:
    """Return the folder of Kafka's jars, if they were fetched."""
    folder = _folder()
    return folder if folder.is_dir() else None


def maven(environment: Environment) -> str | None:
    """Return the Maven of this machine."""
    return shutil.which("mvn", path=environment.search_path)


def fetch(launcher: Launcher) -> Path:
    """Return the folder of Kafka's jars, fetching them first where need be.

    Raises:
        StartError: Maven cannot get them, or what it got is not what was pinned.
    """
    with locked(KAFKA_CACHE / "lock"):
        folder = fetched()
        if folder is not None:
            return folder
        draft = KAFKA_CACHE / f"draft-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        command = maven(launcher.environment)
        if command is None:
            raise StartError("Maven is needed once, to fetch Kafka; `mvn` is not installed")
        try:
            launcher.step("fetching Kafka with Maven", [command, *_arguments(draft)])
        except CancelledError:
            raise
        except StartError as error:
            hint = "BOLT_EMBEDDED_BROKER=1 does without it, for trying things out."
            raise StartError(f"{error}\n{hint}") from error
        verify(draft)
        draft.rename(_folder())
    return _folder()


def _arguments(folder: Path) -> list[str]:
    quiet = ["--batch-mode", "--quiet", "--strict-checksums"]
    return [*quiet, "-f", str(POM), _COPY, "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]


def verify(folder: Path) -> None:
    """Compare every jar with the checksum it was pinned with.

    Raises:
        StartError: One is missing, unknown, or not what it was.
    """
    lines = (line.split() for line in CHECKSUMS.read_text().splitlines())
    pinned = {name: checksum for checksum, name in lines}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.iterdir()}
    wrong = sorted(name for name, _ in pinned.items() ^ found.items())
    if wrong:
        raise StartError(f"not the Kafka that was pinned: {', '.join(dict.fromkeys(wrong))}")


def _folder() -> Path:
    # Another pom is another set of jars; the class archive beside them belongs to that set too.
    return KAFKA_CACHE / f"libs-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"
