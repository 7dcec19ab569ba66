"""`bolt backup` and `bolt restore`: for operators, where DATABASE_URL is set."""

import asyncio
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cli.running import say

if TYPE_CHECKING:
    from shared.postgres.backup import Manifest

T = TypeVar("T")

S3 = "s3://"

Target = Annotated[str, typer.Argument(help="A file that is not there yet, or s3://bucket/key.")]
Source = Annotated[str, typer.Argument(help="A file, or s3://bucket/key.")]
Everything = Annotated[bool, typer.Option("--everything", help="Also what the log gives again.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is in the database.")]


def backup(target: Target, everything: Everything = False) -> None:
    """Operators: write the database to a file, while services run.

    Without --everything: accounts, keys, agents, edits and all else that `bolt rebuild` cannot
    make again from the log.
    """
    taken = _done(_backed_up(target, everything=everything))
    say(f"{target}: {taken.rows} rows of {len(taken.tables)} tables")


def restore(source: Source, force: Force = False) -> None:
    """Operators: make the database what a backup says. Stop the services first.

    A backup of an older schema is brought up to date; one that is damaged, or of newer code,
    changes nothing.
    """
    manifest, migrations = _done(_restored(source, force=force))
    say(
        f"{manifest.rows} rows of {len(manifest.tables)} tables, as of {manifest.created_at:%c} UTC"
    )
    if migrations:
        say(f"and brought up to date: {', '.join(migrations)}")
    if not manifest.everything:
        say("next: bolt rebuild, before the services start")


async def _backed_up(target: str, *, everything: bool) -> "Manifest":
    from shared.postgres.backup import back_up
    from shared.providers import storage

    if not target.startswith(S3):
        return await back_up(_database(), Path(target), everything=everything)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "backup"
        taken = await back_up(_database(), file, everything=everything)
        await storage.upload(file, target)
    return taken


async def _restored(source: str, *, force: bool) -> tuple["Manifest", list[str]]:
    from shared.postgres import backup as backups
    from shared.providers import storage

    if not source.startswith(S3):
        return await backups.restore(_database(), Path(source), force=force)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "backup"
        await storage.download(source, file)
        return await backups.restore(_database(), file, force=force)


def _database() -> str:
    from shared.postgres.migrate import Settings

    return Settings().database_url


def _done(work: Awaitable[T]) -> T:
    from shared.errors import PipelineError

    async def wait() -> T:
        return await work

    try:
        return asyncio.run(wait())
    except PipelineError as error:
        say(str(error))
        raise typer.Exit(1) from None
