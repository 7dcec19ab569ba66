"""For admins: the processes that do the work, and how many of them there should be."""

import json
from typing import Annotated

import typer

from cli.running import AsJson, run, say, table

OneProcess = Annotated[
    str | None, typer.Option("--process", help="Only this one, of `bolt processes`.")
]
Service = Annotated[str, typer.Argument(help="gateway, scripter, adapter, narrator, aggregator.")]


def processes(as_json: AsJson = False) -> None:
    """Show the processes of all services. Admins only."""
    found = run(lambda client: client.processes())
    columns = ("service", "state", "in_flight", "handled", "started_at", "process_id")
    table(found["items"], columns, as_json=as_json)


def restart(service: Service, process: OneProcess = None, as_json: AsJson = False) -> None:
    """Restart a service without losing work: its processes one after another. Admins only."""
    found = run(lambda client: client.restart(service, process))
    table(found["items"], ("process_id",), as_json=as_json)
    say(f"{len(found['items'])} of {service} restart; `bolt processes` shows how far that is")


def scale(as_json: AsJson = False) -> None:
    """Show how many processes each service should have, and why. Admins only."""
    found = run(lambda client: client.scaling())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for stage in found["items"]:
        typer.echo(
            f"{stage['service']:<12} {stage['replicas']} -> {stage['suggested_replicas']}: "
            f"{stage['because']}"
        )
