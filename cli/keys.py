"""`bolt keys`: what providers are called with on your behalf."""

import json
import sys
from typing import Annotated

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(no_args_is_help=True, help="Provider keys. They are written, and never shown.")

Provider = Annotated[str, typer.Argument(help="gemini or google.")]
Project = Annotated[str, typer.Option(help="Whose quota it draws on; keys of one share it.")]
ForEveryone = Annotated[bool, typer.Option("--for-everyone", help="Admins: serve every user.")]


@app.command()
def add(provider: Provider, project: Project = "", for_everyone: ForEveryone = False) -> None:
    """Add a key: typed unseen, or the first line of standard input.

    Never an argument: those are kept in the shell's history and shown by `ps`.
    """
    key = _asked()
    found = run(
        lambda client: client.add_key(provider, key, project=project, for_everyone=for_everyone)
    )
    typer.echo(found["key_id"])
    say(f"{provider} key {found['identity']} of project {found['project']} is added")


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List your keys by name."""
    rows = run(lambda client: client.keys())
    if not as_json:
        rows = [{**row, "state": "enabled" if row["enabled"] else "disabled"} for row in rows]
    table(rows, ("key_id", "provider", "identity", "state", "project"), as_json=as_json)


@app.command()
def disable(key_id: str) -> None:
    """Stop using a key."""
    run(lambda client: client.switch_key(key_id, enabled=False))
    say(f"{key_id} is disabled")


@app.command()
def enable(key_id: str) -> None:
    """Use a key again."""
    run(lambda client: client.switch_key(key_id, enabled=True))
    say(f"{key_id} is enabled")


@app.command("test")
def try_key(key_id: str, as_json: AsJson = False) -> None:
    """Ask a key's provider whether it works. Free; exits with 1 where it does not."""
    found = run(lambda client: client.test_key(key_id))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif found["works"]:
        typer.echo(f"{found['provider']} key {found['identity']} works")
    else:
        typer.echo(f"{found['provider']} key {found['identity']}: {found['reason']}")
        say(
            f"{found['said']} (concerns the {found['scope']}; the pipeline does: {found['action']})"
        )
    if not found["works"]:
        raise typer.Exit(1)


@app.command()
def remove(key_id: str) -> None:
    """Forget a key."""
    run(lambda client: client.remove_key(key_id))
    say(f"{key_id} is removed")


def _asked() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Key", hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()
