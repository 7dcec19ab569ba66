"""`bolt cache`: speech that is kept."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(no_args_is_help=True, help="Stored speech: stats, similar, preload, clear.")

COLUMNS = ("provider", "entries", "bytes", "hits", "misses", "evicted")


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Show what is kept, by provider."""
    found = run(lambda client: client.cache_stats())
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    table([*found["providers"], found], COLUMNS, as_json=False)


@app.command()
def similar(
    text: str,
    threshold: Annotated[float, typer.Option(min=0.1, max=1.0)] = 0.5,
    as_json: AsJson = False,
) -> None:
    """Find what was spoken for you before and is like a text."""
    found = run(lambda client: client.similar(text, threshold=threshold))
    table(found["items"], ("similarity", "voice", "job_id", "text"), as_json=as_json)


@app.command()
def preload(voice: str, file: Annotated[Path, typer.Argument(help="A phrase a line.")]) -> None:
    """Have phrases spoken in advance; print the jobs that do it."""
    lines = [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    found = run(lambda client: client.preload(voice, lines))
    for job_id in found["job_ids"]:
        typer.echo(job_id)


@app.command()
def clear() -> None:
    """Have stored speech removed that is not used from now on. Admins only."""
    run(lambda client: client.clear_cache())
    say("what is not used from now on is removed within minutes")
