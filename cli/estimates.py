"""How an estimate looks on a terminal."""

import json
from typing import Any

import typer

from cli.running import say

WILL_NOT_FIT = 4


def show(found: dict[str, Any], *, as_json: bool) -> None:
    """Print an estimate; exit with 4 where something of it will not fit."""
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in _lines(found):
            typer.echo(line)
    for finding in found["findings"]:
        say(f"{finding['kind'].replace('_', ' ')}: {finding['pointer']} {finding['detail']}")
    if not found["fits"]:
        raise typer.Exit(WILL_NOT_FIT)


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [
        f"jobs         {found['jobs']}, of them {found['jobs_cached']} there already",
        f"calls        {found['provider_calls']}",
        f"characters   {found['characters']}",
        f"audio        {found['audio_seconds'] / 60:.1f} minutes",
        f"cost         {found['cost_usd']:.4f} USD at list price",
        f"time         {found['seconds']:.0f} s, until {found['finishes_at']}",
    ]
    for domain in found["quota_domains"]:
        quota = domain["requests_per_minute"] or "no limit"
        lines.append(
            f"quota        {domain['provider']}/{domain['model']} in {domain['projects']} "
            f"projects: {domain['calls']} calls, {quota} a minute"
        )
    return lines
