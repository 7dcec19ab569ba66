"""`bolt stats`: what was made and spent."""

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.running import AsJson, run, table


class What(StrEnum):
    """Which figures."""

    SUMMARY = "summary"
    USAGE = "usage"
    TRENDS = "trends"
    PROVIDERS = "providers"
    ERRORS = "errors"
    PREFERENCES = "preferences"


COLUMNS = {
    What.USAGE: ("name", "calls", "characters", "audio_seconds", "cost_usd"),
    What.TRENDS: ("at", "jobs", "completed", "failed", "calls", "cost_usd"),
    What.PROVIDERS: ("provider", "model", "calls", "cost_usd", "p95_seconds", "outcomes"),
    What.ERRORS: ("stage", "code", "jobs", "tries", "example"),
    What.PREFERENCES: ("name", "jobs", "completed", "failed"),
}


def stats(  # noqa: PLR0913 - one argument per option
    what: Annotated[What, typer.Argument()] = What.SUMMARY,
    *,
    days: Annotated[int, typer.Option(min=1, max=400, help="Of the last so many days.")] = 30,
    by: Annotated[str, typer.Option(help="Of usage: provider, model, language, …")] = "provider",
    interval: Annotated[str, typer.Option(help="Of trends: hour or day.")] = "day",
    everyone: Annotated[bool, typer.Option("--everyone", help="Of all users; admins.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what was made and spent."""
    query = {"since": (datetime.now(UTC) - timedelta(days=days)).isoformat()}
    query |= {"by": by} if what is What.USAGE else {}
    query |= {"interval": interval} if what is What.TRENDS else {}
    query |= {"everyone": "true"} if everyone else {}
    found = run(lambda client: client.stats(what.value, **query))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif what is What.SUMMARY:
        for name, value in found.items():
            if not isinstance(value, dict | list) and value is not None:
                typer.echo(f"{name:<24} {value}")
    else:
        table(_rows(found), COLUMNS[what], as_json=False)


def system(as_json: AsJson = False) -> None:
    """Show the stages' replicas, how far each is behind, and what waits. Admins only."""
    found = run(lambda client: client.system())
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    typer.echo(f"{'version':<16} {found['version']}")
    for service in found["services"]:
        behind = ", ".join(f"{topic} {count}" for topic, count in service["behind"].items())
        typer.echo(f"{service['service']:<16} {service['replicas']} replicas; behind: {behind}")
    for name, count in found["queues"].items():
        typer.echo(f"{name:<16} {count}")


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every row of an answer, however it sorts them."""
    rows = [row for value in found.values() if isinstance(value, list) for row in value]
    return [{**(row.get("answers") or {}), **row} for row in rows]
