"""`bolt dead`: what no service could process, and sending it again. Admins only."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(no_args_is_help=True, help="Dead letters: list, show, redrive. Admins only.")

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LINE_CHARACTERS = 80


def _moment(text: str) -> str:
    """Return a time as the API takes it, from "2h" or from a time."""
    if text[-1:] in UNITS and text[:-1].isdigit():
        return (datetime.now(UTC) - timedelta(**{UNITS[text[-1]]: int(text[:-1])})).isoformat()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("give 30m, 2h, 1d or a time as 2026-11-20T12:00:00Z") from None
    return (moment if moment.tzinfo else moment.astimezone()).isoformat()


Topic = Annotated[str | None, typer.Option(help="Where the record was.")]
Service = Annotated[str | None, typer.Option(help="Who gave up.")]
Code = Annotated[str | None, typer.Option(help="Why, e.g. bug, refused, crashed.")]
Batch = Annotated[str | None, typer.Option(help="Of one batch.")]
Since = Annotated[str | None, typer.Option(help="30m, 2h, 1d, or a time.", parser=_moment)]


@app.command("list")
def list_letters(  # noqa: PLR0913 - one argument per filter
    *,
    topic: Topic = None,
    service: Service = None,
    code: Code = None,
    batch: Batch = None,
    since: Since = None,
    redriven: Annotated[bool | None, typer.Option(help="Sent again since, or not.")] = None,
    limit: Annotated[int, typer.Option(help="The newest so many; 0: all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List dead letters, newest first."""
    filters = _given(topic=topic, service=service, code=code, batch_id=batch, since=since)
    if redriven is not None:
        filters["redriven"] = str(redriven).lower()
    rows = run(lambda client: _first(client.dead_letters(**filters), limit))
    if not as_json:
        rows = [{**row, "reason": _line(row["reason"])} for row in rows]
    columns = ("letter_id", "dead_at", "from_topic", "service", "code", "job_id", "reason")
    table(rows, columns, as_json=as_json)


@app.command()
def show(letter_id: str, as_json: AsJson = False) -> None:
    """Show a dead letter: why it is one, its headers, its value."""
    found = run(lambda client: client.dead_letter(letter_id))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    apart = ("headers", "value", "history")
    for name, value in found.items():
        if name not in apart and value is not None:
            typer.echo(f"{name:<15} {value}")
    for redrive in found["history"]:
        outcome = redrive["outcome"] or "waits"
        typer.echo(f"{'sent again':<15} {redrive['requested_at']} {outcome}")
    for name, value in found["headers"].items():
        typer.echo(f"  {name}: {value}")
    typer.echo(found["value"] or "")


@app.command()
def redrive(  # noqa: PLR0913 - one argument per filter
    letter_ids: Annotated[list[str] | None, typer.Argument(help="These only.")] = None,
    *,
    topic: Topic = None,
    service: Service = None,
    code: Code = None,
    batch: Batch = None,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    again: Annotated[bool, typer.Option(help="Also what was sent again before.")] = False,
    try_only: Annotated[bool, typer.Option(help="Say how many, and do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters again, to the service that failed. Each once: repeating does nothing."""
    order: dict[str, Any] = _given(
        topic=topic, service=service, code=code, batch_id=batch, since=since
    )
    order |= {"ids": letter_ids} if letter_ids else {}
    order |= {"all": everything, "again": again, "try_only": try_only}
    found = run(lambda client: client.redrive(order))
    if as_json:
        typer.echo(json.dumps(found))
        return
    typer.echo(found["redriven"])
    say(
        f"{found['redriven']} {'would be' if try_only else 'are'} sent again, "
        f"{found['already']} were before, {found['moved_on']} belong to jobs that have moved on"
    )


def _given(**filters: str | None) -> dict[str, str]:
    return {name: value for name, value in filters.items() if value is not None}


async def _first(items: Any, limit: int) -> list[dict[str, Any]]:
    found = []
    async for item in items:
        found.append(item)
        if limit and len(found) >= limit:
            break
    return found


def _line(text: str) -> str:
    return " ".join(text.split())[:LINE_CHARACTERS]
