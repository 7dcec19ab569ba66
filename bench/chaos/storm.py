"""Batches while processes are killed, servers restarted and third parties fail."""

import argparse
import asyncio
import itertools
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.chaos import emulated, schedule, verdict
from bench.chaos.audit import Found, audit, calls
from bench.chaos.billing import bill
from bench.chaos.disturbances import Disturber, Done
from bench.chaos.load import Load, Watched
from bench.sampling import now
from deploy.local.stack import Stack
from deploy.local.supervision import Supervision

PAUSED = ((0.25, "pause for a while"),)
# Early: seen late, through an outage, it might be over.
CANCELLED = ((0.1, "cancel"),)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=2_000, help="of the large batch (2000)")
    parser.add_argument("--every", type=float, default=30, help="seconds between kills (30)")
    parser.add_argument("--minutes", type=float, default=30, help="give up after so long (30)")
    parser.add_argument("--seed", type=int, default=1, help="of the schedule and the faults (1)")
    parser.add_argument("--keep", type=Path, help="keep the stack's folder, logs and all, here")


@dataclass(slots=True)
class Storm:
    """One run on a stack that is up."""

    stack: Stack
    asked: argparse.Namespace

    async def run(self) -> tuple[Load, list[Done], float]:
        """Send batches and disturb until all have ended; return how long that took."""
        load = Load(self.stack.service_url("gateway"))
        disturber = Disturber(
            self.stack,
            schedule.kills(self.asked.seed),
            lambda already: schedule.due(load.ended, load.jobs, already),
            self.asked.every,
        )
        began, over = now(), asyncio.Event()
        async with asyncio.timeout(self.asked.minutes * 60), asyncio.TaskGroup() as group:
            group.create_task(disturber.run(over))
            await asyncio.gather(self._batches(load), self._drops(load, disturber))
            over.set()
        return load, disturber.done, now() - began

    async def _batches(self, load: Load) -> None:
        small = max(8, self.asked.jobs // 20)
        await asyncio.gather(
            load.batch("grande", self.asked.jobs),
            load.batch("pequeno", 3),
            load.batch("pausado", small, orders=PAUSED),
            load.batch("cancelado", small, orders=CANCELLED),
        )

    async def _drops(self, load: Load, disturber: Disturber) -> None:
        # Whatever is disturbed last is disturbed in the middle of some work, too.
        for number in itertools.count():
            await load.batch(f"gota {number}", 3)
            if disturber.passed == len(schedule.MILESTONES):
                return


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run the storm in a stack of its own; return what became of everything."""
    with tempfile.TemporaryDirectory(prefix="bolt-chaos-") as folder:
        home = Path(folder)
        with emulated.emulators(emulated.behaviour(asked.seed), home) as addresses:
            state, env = asked.keep or home / "stack", emulated.environment(addresses)
            with Stack(state, env=env, forget=asked.keep is None) as stack:
                with Supervision(stack, _silent):
                    load, done, seconds = asyncio.run(Storm(stack, asked).run())
                found = asyncio.run(audit(stack, [batch.batch_id for batch in load.batches]))
                log = calls(addresses["gemini"])["log"]
    paid = bill(log, [(each.at, each.until) for each in done])
    result = {
        "seed": asked.seed,
        "seconds": seconds,
        "asked": load.jobs,
        **_plain(found),
        "bill": asdict(paid) | {"repeated_percent": paid.repeated_percent},
        "went_back": [batch.name for batch in load.batches if went_back(batch)],
        "batches": [_told(batch) for batch in load.batches],
        "disturbances": [_described(each) for each in done],
    }
    return result | {"broken": verdict.broken(result)}


def _plain(found: Found) -> dict[str, Any]:
    # Not asdict(): it makes a Counter of a Counter's pairs.
    values = {each.name: getattr(found, each.name) for each in fields(found)}
    return {
        name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()
    }


def went_back(batch: Watched) -> bool:
    """Return whether a user saw a number fall, or the same frame twice."""
    return _falls(batch.completed) or any(a >= b for a, b in itertools.pairwise(batch.seqs))


def _falls(numbers: Sequence[int]) -> bool:
    return any(later < earlier for earlier, later in itertools.pairwise(numbers))


def _told(batch: Watched) -> dict[str, Any]:
    return {
        "name": batch.name,
        "jobs": batch.jobs,
        "state": batch.state,
        "seconds": round(batch.seconds, 1),
        "frames": len(batch.seqs),
    }


def _described(each: Done) -> dict[str, Any]:
    return {
        "what": each.disturbance.kind,
        "target": each.disturbance.target,
        "at": each.at,
        "recovered_in": round(each.until - each.at, 1),
    }


def _silent(_part: str, _news: str) -> None:
    """Say nothing: whatever is started again stands in the report."""


def show(result: dict[str, Any]) -> None:
    """Print the report.

    Raises:
        SystemExit: A promise is broken.
    """
    console = Console()
    table = Table("batch", "jobs", "ended as", "s", "frames")
    for batch in result["batches"]:
        table.add_row(*(str(batch[key]) for key in ("name", "jobs", "state", "seconds", "frames")))
    console.print(table)
    troubles = Table("disturbance", "target", "back after s")
    for each in result["disturbances"]:
        troubles.add_row(each["what"], each["target"], str(each["recovered_in"]))
    console.print(troubles)
    paid = result["bill"]
    console.print(
        f"{result['jobs']} of {result['asked']} jobs in {result['seconds']:.0f} s: "
        f"{dict(result['states'])}, errors {dict(result['errors'])}\n"
        f"lost {len(result['lost'])}, audios made twice {len(result['artefacts_twice'])}, "
        f"longest stall {result['stall']:.1f} s\n"
        f"billable calls {paid['billable']}, spoilt by faults {paid['unusable']}, "
        f"paid twice {paid['repeated']} ({paid['repeated_percent']:.2f} %), "
        f"of these in flight when a process went {paid['in_flight']}\n"
        f"redelivered {dict(result['redelivered'])}, dead letters {dict(result['dead_letters'])}"
    )
    if result["broken"]:
        for line in result["broken"]:
            console.print(f"[red]broken[/red]: {line}")
        raise SystemExit(1)
    console.print("[green]every promise held[/green]")
