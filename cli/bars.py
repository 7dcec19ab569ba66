"""Live progress of a batch in a terminal: a bar per stage, fed by what the server says."""

import sys
from collections.abc import AsyncIterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

Json = dict[str, Any]

# What a stage has behind it: a job in one of these states has left it.
PASSED = {
    "script": ("adapting", "awaiting_review", "narrating", "completed"),
    "adapt": ("narrating", "completed"),
    "narrate": ("completed",),
}


async def follow(messages: AsyncIterator[Json], console: Console | None = None) -> Json:
    """Draw every message of `Client.watch`; return the counts of the last one."""
    out = console or Console(file=sys.stderr)
    counts: Json = {}
    with Progress(
        TextColumn("{task.description:>8}"),
        BarColumn(bar_width=40),
        MofNCompleteColumn(),
        Elapsed(),
        TextColumn("{task.fields[note]}"),
        console=out,
    ) as progress:
        bars = {stage: progress.add_task(stage, total=None, note="") for stage in PASSED}
        async for message in messages:
            if message["type"] == "deleted":
                continue
            state = message.get("batch", message)
            counts = state["counts"]
            _draw(progress, bars, state)
            if not out.is_terminal:
                out.print(_line(state))
    return counts


def _draw(progress: Progress, bars: dict[str, TaskID], state: Json) -> None:
    counts = state["counts"]
    for stage, passed in PASSED.items():
        done = sum(counts[name] for name in passed)
        progress.update(bars[stage], total=counts["total"], completed=done)
    progress.update(bars["narrate"], note=_note(state))


def _note(state: Json) -> str:
    words = []
    if failed := state["counts"]["failed"]:
        words.append(f"[red]{failed} failed[/red]")
    if speed := state.get("jobs_per_minute"):
        words.append(f"{speed:.0f} jobs/min")
    if left := state.get("remaining_seconds"):
        words.append(f"about {left:.0f} s left")
    return ", ".join(words)


def _line(state: Json) -> str:
    counts = state["counts"]
    done = {stage: sum(counts[name] for name in passed) for stage, passed in PASSED.items()}
    bars = "  ".join(f"{stage} {number}/{counts['total']}" for stage, number in done.items())
    return f"{bars}  {_note(state)}".rstrip()
