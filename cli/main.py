"""`bolt`: batches from the command line. What it prints on standard output is the answer."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from cli.errors import BoltError

app = typer.Typer(no_args_is_help=True, help="Titles in, narrated audio out.")

T = TypeVar("T")
# 0: done; 1: refused or unreachable; 2: wrong usage (Typer's own); 3: some jobs failed.
SOME_FAILED = 3

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Languages = Annotated[list[str] | None, typer.Option("--language", "-l", help="BCP 47 tag.")]


@app.command()
def register(
    email: str, password: Annotated[str, typer.Option(prompt=True, hide_input=True)]
) -> None:
    """Make an account and sign in."""
    _run(lambda client: client.register(email, password))
    login(email, password)


@app.command()
def login(email: str, password: Annotated[str, typer.Option(prompt=True, hide_input=True)]) -> None:
    """Sign in; the token is kept for the commands that follow."""
    from cli import config

    token = _run(lambda client: client.sign_in(email, password))
    config.save(config.read().model_copy(update={"token": token}))
    _say(f"signed in as {email}")


@app.command()
def submit(
    file: Annotated[
        Path, typer.Argument(help="JSON as POST /v1/batches takes, or one title a line.")
    ],
    languages: Languages = None,
    name: str = "",
    watch_it: Annotated[bool, typer.Option("--watch", help="Wait for its end.")] = False,
) -> None:
    """Ask for a batch."""
    batch = _run(lambda client: client.create_batch(_batch(file, languages or [], name)))
    typer.echo(batch["batch_id"])
    if watch_it:
        watch(batch["batch_id"])


@app.command()
def watch(batch_id: str) -> None:
    """Show live progress until a batch has ended; exit with 3 where jobs failed."""
    from cli.bars import follow  # rich takes longer to import than most commands to run

    counts = _run(lambda client: follow(client.watch(batch_id)))
    if counts.get("failed"):
        raise typer.Exit(SOME_FAILED)


@app.command("list")
def list_batches(as_json: AsJson = False) -> None:
    """List your batches, newest first."""
    rows = _run(lambda client: _all(client.batches()))
    _table(rows, ("batch_id", "state", "percent", "name", "created_at"), as_json=as_json)


@app.command()
def show(batch_id: str, as_json: AsJson = False) -> None:
    """Show a batch and its jobs."""
    rows = _run(lambda client: _all(client.results(batch_id)))
    _table(rows, ("state", "language", "voice", "audio_seconds", "title"), as_json=as_json)


@app.command()
def download(batch_id: str, output: Annotated[Path, typer.Option("--output", "-o")]) -> None:
    """Write the ZIP of what is done so far."""
    size = _run(lambda client: client.download(batch_id, output))
    _say(f"{output}: {size} bytes")


@app.command()
def voices(language: str | None = None, as_json: AsJson = False) -> None:
    """List voices."""
    filters = {"language": language} if language else {}
    rows = _run(lambda client: _all(client.voices(**filters)))
    _table(rows, ("id", "language", "gender", "provider"), as_json=as_json)


@app.command()
def languages(as_json: AsJson = False) -> None:
    """List languages."""
    rows = _run(lambda client: client.languages())
    _table(rows, ("code", "name", "voices"), as_json=as_json)


def _batch(file: Path, languages: list[str], name: str) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        found: dict[str, Any] = json.loads(text)
        return found
    titles = [line.strip() for line in text.splitlines() if line.strip()]
    return {"mode": "matrix", "name": name, "titles": titles, "languages": languages}


def _run(work: Callable[[Any], Awaitable[T]]) -> T:
    # The HTTP stack, which `bolt --help` does not need, and which takes longer than it.
    from cli import config
    from cli.client import Client

    async def go() -> T:
        settings = config.read()
        async with Client(settings.url, token=settings.token) as client:
            return await work(client)

    try:
        return asyncio.run(go())
    except BoltError as error:
        _say(str(error))
        raise typer.Exit(1) from None


async def _all(items: Any) -> list[dict[str, Any]]:
    return [item async for item in items]


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo("  ".join(str(row.get(column) or "") for column in columns))


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - standard output is for answers


if __name__ == "__main__":
    app()
