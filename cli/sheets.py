"""`bolt export`, and sheets that are sent: CSV and XLSX."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.running import run, say

KINDS = (".csv", ".tsv", ".xlsx")


def export(
    batch_id: str,
    output: Annotated[Path, typer.Option("--output", "-o", help="A .csv or .xlsx file.")],
    scripts: Annotated[bool, typer.Option("--scripts", help="With every text.")] = False,
) -> None:
    """Write a batch as a spreadsheet. Changed there, `bolt import` does what is different."""
    kind = "csv" if output.suffix.lower() == ".csv" else "xlsx"
    size = run(lambda client: client.export(batch_id, output, kind=kind, scripts=scripts))
    say(f"{output}: {size} bytes")


def import_sheet(
    batch_id: str,
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is different.")] = False,
) -> None:
    """Send an exported sheet back: only rows that were changed run, and new ones."""
    found = run(lambda client: client.return_sheet(batch_id, file, dry_run=dry_run))
    for change in found["changes"]:
        typer.echo(f"line {change['row']}  {change['job_id']}  {', '.join(change['fields'])}")
    say(f"{found['changed']} changed, {found['added']} new, {found['unchanged']} as they were")


def common(name: str, languages: list[str]) -> dict[str, Any]:
    """Return what holds for all rows of a sheet."""
    given: dict[str, Any] = {"name": name, "languages": languages}
    return {field: value for field, value in given.items() if value}
