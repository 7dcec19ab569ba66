"""`bolt`: batches from the command line. What it prints on standard output is the answer."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import (
    agents,
    api_keys,
    backups,
    cache,
    dead,
    fleet,
    keys,
    narrating,
    operating,
    orders,
    review,
    sheets,
    stats,
    users,
    voices,
    wishes,
)
from cli.estimates import show as show_estimate
from cli.running import AsJson, run, say, table

# Plain help: drawing boxes around it takes three times as long as saying it.
app = typer.Typer(
    no_args_is_help=True, help="Titles in, narrated audio out.", rich_markup_mode=None
)
app.add_typer(orders.app)
app.add_typer(agents.app, name="agents")
app.add_typer(review.app, name="review")
app.command()(review.edit)
app.command()(stats.stats)
app.command()(narrating.narrate)
app.command()(stats.system)
app.command()(fleet.processes)
app.command()(fleet.restart)
app.command()(fleet.scale)
app.command()(sheets.export)
app.command("import")(sheets.import_sheet)
app.add_typer(keys.app, name="keys")
app.add_typer(api_keys.app, name="api-keys")
app.add_typer(users.app, name="users")
app.add_typer(dead.app, name="dead")
app.add_typer(cache.app, name="cache")
app.add_typer(voices.app, name="voices")
app.command()(operating.doctor)
app.command()(operating.migrate)
app.command()(backups.backup)
app.command()(backups.restore)

# 0: done; 1: refused or unreachable; 2: wrong usage (Typer's own); 3: some jobs failed.
SOME_FAILED = 3

BatchFile = Annotated[
    Path, typer.Argument(help="JSON as POST /v1/batches takes, a sheet, or a title a line.")
]
Languages = Annotated[list[str] | None, typer.Option("--language", "-l", help="BCP 47 tag.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="As in `options`: other_voices=true."),
]


@app.command()
def register(
    email: str, password: Annotated[str, typer.Option(prompt=True, hide_input=True)]
) -> None:
    """Make an account and sign in."""
    run(lambda client: client.register(email, password))
    login(email, password)


@app.command()
def login(email: str, password: Annotated[str, typer.Option(prompt=True, hide_input=True)]) -> None:
    """Sign in; the commands that follow stay so by themselves."""
    run(lambda client: client.sign_in(email, password), as_saved=True)
    say(f"signed in as {email}")


@app.command()
def logout(
    everywhere: Annotated[bool, typer.Option("--everywhere", help="All your sessions.")] = False,
) -> None:
    """Sign out; nothing is kept."""
    run(lambda client: client.sign_out(everywhere=everywhere), as_saved=True)
    say("signed out")


@app.command()
def submit(  # noqa: PLR0913 - one argument per option
    file: BatchFile,
    languages: Languages = None,
    *,
    name: str = "",
    option: Options = None,
    watch_it: Annotated[bool, typer.Option("--watch", help="Wait for its end.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Estimate it instead.")] = False,
) -> None:
    """Ask for a batch."""
    if dry_run:
        estimate(file, languages, name, option)
        return
    asked = wishes.Wish(file, languages or [], name, wishes.options(option or []))
    batch = run(asked.submitted)
    typer.echo(batch["batch_id"])
    if watch_it:
        watch(batch["batch_id"])


@app.command()
def estimate(
    file: BatchFile,
    languages: Languages = None,
    name: str = "",
    option: Options = None,
    as_json: AsJson = False,
) -> None:
    """Say what a batch would take: jobs, calls, money, time. Exit with 4 where it will not fit."""
    asked = wishes.Wish(file, languages or [], name, wishes.options(option or []))
    found = run(asked.estimated)
    show_estimate(found, as_json=as_json)


@app.command()
def watch(batch_id: str) -> None:
    """Show live progress until a batch has ended; exit with 3 where jobs failed."""
    from cli.bars import follow  # rich takes longer to import than most commands to run

    counts = run(lambda client: follow(client.watch(batch_id)))
    if counts.get("failed"):
        raise typer.Exit(SOME_FAILED)


@app.command("list")
def list_batches(as_json: AsJson = False) -> None:
    """List your batches, newest first."""
    rows = run(lambda client: _all(client.batches()))
    table(rows, ("batch_id", "state", "percent", "name", "created_at"), as_json=as_json)


@app.command()
def show(batch_id: str, as_json: AsJson = False) -> None:
    """Show a batch and its jobs."""
    rows = run(lambda client: _all(client.results(batch_id)))
    table(
        rows,
        ("state", "language", "voice", "voice_used", "audio_seconds", "title"),
        as_json=as_json,
    )


@app.command()
def download(batch_id: str, output: Annotated[Path, typer.Option("--output", "-o")]) -> None:
    """Write the ZIP of what is done so far."""
    size = run(lambda client: client.download(batch_id, output))
    say(f"{output}: {size} bytes")


@app.command()
def languages(as_json: AsJson = False) -> None:
    """List languages."""
    rows = run(lambda client: client.languages())
    table(rows, ("code", "name", "voices"), as_json=as_json)


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Only compare, change nothing.")] = False,
) -> None:
    """Operators: make all batches and jobs again from the log.

    Runs where DATABASE_URL and KAFKA_BOOTSTRAP_SERVERS are set as for the aggregator.
    """
    try:
        from services.aggregator.rebuild.command import main
    except ImportError as error:
        say(f"this is for where the aggregator is installed: {error}")
        raise typer.Exit(1) from None
    main(["--check"] if check else [])


async def _all(items: Any) -> list[dict[str, Any]]:
    return [item async for item in items]


if __name__ == "__main__":
    app()
