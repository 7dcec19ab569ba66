"""Runs the Celery design beside the product: the same machine, PostgreSQL and Valkey."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers import environment
from deploy.local.stack import Stack

RUN = Path(__file__).parent / "celery_design" / "run.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A batch for the Celery design.

    Attributes:
        titles: How many.
        languages: In how many languages each.
        workers: Processes.
        scale: By how much the latencies are divided; 0: there are none.
        latencies: Of the script, the adaptation and the speech, in seconds.
    """

    titles: int
    languages: int
    workers: int
    scale: float = 0.0
    latencies: tuple[float, ...] = (60.0, 120.0, 100.0)


def run(folder: Path, asked: Asked) -> dict[str, Any]:
    """Run a batch; return its jobs, seconds and jobs a second.

    Args:
        folder: For its servers and its files.
        asked: What to make.

    Raises:
        subprocess.CalledProcessError: It did not come to its end.
    """
    program = environment.python()
    with Stack(folder, servers=("postgres", "valkey"), services=(), forget=True) as stack:
        settings = {
            "database_url": stack.endpoints.database_url,
            "redis_url": stack.endpoints.redis_url,
            "folder": str(folder / "files"),
            "scale": asked.scale,
            "latencies": asked.latencies,
        }
        command = [
            *(str(program), str(RUN), "--titles", str(asked.titles)),
            *("--languages", str(asked.languages), "--workers", str(asked.workers)),
        ]
        env = {"PEER": json.dumps(settings), "PATH": os.defpath, "C_FORCE_ROOT": "1"}
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)  # noqa: S603 - ours
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result | {"jobs_per_second": result["jobs"] / result["seconds"]}
