"""How a command runs: against the configured API, errors as one line, answers as a table."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

from cli.errors import BoltError

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def run(work: Callable[[Any], Awaitable[T]], *, as_saved: bool = False) -> T:
    """Return what `work` does with a client; exit with 1 where it is refused.

    Args:
        work: What is done.
        as_saved: As whom `bolt login` keeps, whatever the environment says.
    """
    # The HTTP stack, which `bolt --help` does not need, and which takes longer than it.
    from cli import config
    from cli.client import Client

    async def go() -> T:
        settings = config.read()
        kept = config.InFile(settings.url)
        # A token of the environment is nobody's to renew, or to keep.
        given = None if as_saved else settings.token
        token = given or kept.read().access
        async with Client(settings.url, token=token, keeper=None if given else kept) as client:
            return await work(client)

    try:
        return asyncio.run(go())
    except BoltError as error:
        say(str(error))
        raise typer.Exit(1) from None


def table(rows: list[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    """Print `rows`: some columns, or everything as JSON."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo("  ".join(str(row.get(column) or "") for column in columns))


def say(text: str) -> None:
    """Tell the person; standard output is for answers."""
    print(text, file=sys.stderr)  # noqa: T201 - as above
