"""For operators: what is wrong with a deployment, and its schema. Not by the API."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from cli.running import AsJson, say

MARKS = {"ok": "ok  ", "warning": "warn", "error": "FAIL"}

Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="kafka, postgres, redis, storage, providers or machine."),
]
Plan = Annotated[bool, typer.Option("--plan", help="Only say what would be applied.")]


def doctor(only: Only = None, as_json: AsJson = False) -> None:
    """Operators: look at everything a deployment stands on, and say what to fix.

    Exits with 1 where something keeps it from working.
    """
    # Clients of all that is looked at, which `bolt --help` does not need.
    from cli.diagnosis import CHECKS, diagnose

    names = only or list(CHECKS)
    if unknown := [name for name in names if name not in CHECKS]:
        raise typer.BadParameter(f"{', '.join(unknown)}: known are {', '.join(CHECKS)}")
    found = asyncio.run(diagnose(names))
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            typer.echo(f"{MARKS[each.state]}  {each.part:<10} {each.says}")
            if each.fix:
                typer.echo(f"      {'':<10} -> {each.fix}")
    if any(each.state == "error" for each in found):
        raise typer.Exit(1)


def migrate(
    phase: Annotated[Literal["pre", "post", "all"], typer.Option(help="Which part.")] = "all",
    plan: Plan = False,
    as_json: AsJson = False,
) -> None:
    """Operators: bring the database's schema up to date.

    `pre` before the new processes start, `post` once the old ones are gone.
    """
    from shared.errors import PipelineError
    from shared.postgres import migrate as migrations

    settings = migrations.Settings()
    try:
        if plan:
            names = list(asyncio.run(migrations.state(settings.database_url)).pending)
        else:
            names = asyncio.run(
                migrations.migrate(
                    settings.database_url,
                    phase=phase,
                    wait_seconds=settings.migrate_wait_seconds,
                )
            )
    except PipelineError as error:
        say(str(error))
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(names))
    else:
        verb = "waits" if plan else "applied"
        typer.echo("\n".join(f"{verb}  {name}" for name in names) or "nothing to do")
