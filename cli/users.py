"""`bolt users`: accounts, straight on the database, for who runs the system."""

import typer

from cli.running import say

app = typer.Typer(
    no_args_is_help=True,
    help="Operators: list, create, promote, demote, disable and enable accounts.",
)


@app.command("list")
def list_users() -> None:
    """List everybody, newest first."""
    _do("list")


@app.command()
def create(email: str, admin: bool = typer.Option(False, help="Make them an admin.")) -> None:
    """Make an account: its password is typed unseen, or the first line of standard input."""
    _do("create", email, *(["--admin"] if admin else []))


@app.command()
def promote(email: str) -> None:
    """Make somebody an admin."""
    _do("promote", email)


@app.command()
def demote(email: str) -> None:
    """Make an admin a user again; there is always one left."""
    _do("demote", email)


@app.command()
def disable(email: str) -> None:
    """Keep somebody out: their sessions and API keys are worthless at once."""
    _do("disable", email)


@app.command()
def enable(email: str) -> None:
    """Let somebody in again."""
    _do("enable", email)


def _do(*words: str) -> None:
    try:
        from services.gateway.users import main
    except ImportError as error:
        say(f"this is for where the gateway is installed: {error}")
        raise typer.Exit(1) from None
    raise typer.Exit(main(words))
