"""Processes we started: who they are, whether they run, how they end.

A pid alone is not an identity: it is given to another process once ours is
gone. With the moment of its birth it is one, and only that is ever signalled.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Children of this very process: they stay zombies until they are asked after.
_children: dict[int, subprocess.Popen[bytes]] = {}
LAST_THREADS_SECONDS = 5.0


@dataclass(frozen=True)
class Identity:
    """One process, for good."""

    pid: int
    born: str


@dataclass(frozen=True)
class Owner:
    """The system user a process runs as, where that is not ourselves."""

    name: str
    uid: int
    gid: int


def born(pid: int) -> str | None:
    """Return when a process started, as the system tells it; None where it does not run."""
    found = _born(pid)
    child = _children.get(pid)
    if found is None and child is not None:
        # It is dying; its last threads may still hold its sockets.
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(LAST_THREADS_SECONDS)
            # Another thread may have waited for it at the same time.
            _children.pop(pid, None)
    return found


def _born(pid: int) -> str | None:
    if not Path("/proc/self/stat").exists():
        return _born_by_ps(pid)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name, in brackets, may itself hold spaces and brackets.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _born_by_ps(pid: int) -> str | None:
    told = subprocess.run(
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split(maxsplit=1)
    return None if not told or told[0].startswith("Z") else told[1].strip()


def alive(identity: Identity) -> bool:
    """Say whether this very process runs."""
    return born(identity.pid) == identity.born


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path,
    owner: Owner | None = None,
) -> Identity:
    """Start a process that outlives us, its output appended to `log`."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            # A session of its own: Ctrl-C at the terminal is for us, who then stop it in order.
            start_new_session=True,
            user=owner.uid if owner else None,
            group=owner.gid if owner else None,
            extra_groups=[] if owner else None,
        )
    _children[child.pid] = child
    return Identity(child.pid, born(child.pid) or "ended at once")


def stop(identity: Identity, *, first: signal.Signals, grace: float) -> None:
    """End a process and wait until it is gone: asked first, then made to."""
    if not alive(identity):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(identity.pid, first)
    if not _gone(identity, grace):
        kill(identity)


def kill(identity: Identity) -> None:
    """End a process at once, with the helpers it started: what a lost machine looks like."""
    if not alive(identity):
        return
    with contextlib.suppress(ProcessLookupError):
        # It leads its own group, so its pid names the group.
        os.killpg(identity.pid, signal.SIGKILL)
    if not _gone(identity, 10):
        raise TimeoutError(f"process {identity.pid} does not end")


def _gone(identity: Identity, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(identity):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
