"""`bolt voices`: who can speak, and how that is brought up to date."""

import json
from typing import Annotated, Any

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(invoke_without_command=True, help="Voices: list them, or refresh the list.")

Language = Annotated[str | None, typer.Option(help="BCP 47 tag.")]


@app.callback()
def voices(context: typer.Context, language: Language = None, as_json: AsJson = False) -> None:
    """List voices."""
    if context.invoked_subcommand is None:
        _show(language, as_json=as_json)


@app.command("list")
def list_voices(language: Language = None, as_json: AsJson = False) -> None:
    """List voices."""
    _show(language, as_json=as_json)


@app.command()
def refresh(
    provider: Annotated[str, typer.Argument(help="Whom to ask.")] = "google",
    as_json: AsJson = False,
) -> None:
    """Ask a provider for its voices and lay the answer over the catalogue. Admins only."""
    found = run(lambda client: client.refresh_voices(provider))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    counts = ("listed", "added", "changed", "unlisted")
    typer.echo("  ".join(f"{name} {found[name]}" for name in counts))
    for title, name in (("new", "added_ids"), ("unlisted", "unlisted_ids")):
        for voice in found[name]:
            say(f"{title}: {voice}")
    if found["unknown_languages"]:
        say(f"languages the catalogue does not have: {', '.join(found['unknown_languages'])}")


def _show(language: str | None, *, as_json: bool) -> None:
    filters = {"language": language} if language else {}
    rows = run(lambda client: _all(client.voices(**filters)))
    table(rows, ("id", "language", "gender", "provider"), as_json=as_json)


async def _all(items: Any) -> list[dict[str, Any]]:
    return [item async for item in items]
