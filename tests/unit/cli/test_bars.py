import io
from collections.abc import AsyncIterator
from typing import Any

from rich.console import Console

from cli.bars import follow


async def messages(*states: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    for state in states:
        yield state


def counts(**changes: int) -> dict[str, int]:
    names = ("queued", "scripting", "adapting", "awaiting_review", "narrating", "completed")
    return {**dict.fromkeys((*names, "failed", "cancelled"), 0), "total": 4, **changes}


async def test_says_how_far_each_stage_is() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=False, width=200)

    last = await follow(
        messages(
            {"type": "snapshot", "batch": {"counts": counts(queued=4)}},
            {"type": "progress", "counts": counts(adapting=1, narrating=1, completed=2)},
        ),
        console,
    )

    assert last["completed"] == 2
    assert "script 0/4  adapt 0/4  narrate 0/4" in out.getvalue()
    assert "script 4/4  adapt 3/4  narrate 2/4" in out.getvalue()


async def test_that_a_batch_was_deleted_has_nothing_to_count() -> None:
    console = Console(file=io.StringIO(), force_terminal=False)

    last = await follow(
        messages(
            {"type": "snapshot", "batch": {"counts": counts(queued=4)}},
            {"type": "deleted", "seq": 3, "batch_id": "b"},
        ),
        console,
    )

    assert last["queued"] == 4
