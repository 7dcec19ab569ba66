"""`bolt api-keys`: what programs of yours come in with."""

from typing import Annotated

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(no_args_is_help=True, help="API keys, for programs. Each is shown once.")

Scopes = Annotated[
    list[str] | None, typer.Option("--scope", help="read, write, admin; again for more.")
]
Days = Annotated[int | None, typer.Option("--days", help="Until it expires; else it does not.")]


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List your API keys by how they begin."""
    rows = run(lambda client: client.api_keys())
    if not as_json:
        rows = [{**row, "scopes": ",".join(row["scopes"])} for row in rows]
    table(rows, ("key_id", "prefix", "scopes", "last_used_at", "name"), as_json=as_json)


@app.command()
def create(name: str, scopes: Scopes = None, days: Days = None) -> None:
    """Make a key; print it, this once."""
    made = run(
        lambda client: client.create_api_key(
            name, scopes=scopes or ("read", "write"), expires_in_days=days
        )
    )
    typer.echo(made["key"])
    say(f"{made['key_id']} is made; copy the key now, it is not shown again")


@app.command()
def revoke(key_id: str) -> None:
    """Make a key worthless."""
    run(lambda client: client.revoke_api_key(key_id))
    say(f"{key_id} is revoked")
