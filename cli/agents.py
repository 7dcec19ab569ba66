"""`bolt agents`: personas that write, as JSON files."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(no_args_is_help=True, help="Agents: who writes, saved to be used again.")

JsonFile = Annotated[Path, typer.Argument(help="JSON as POST /v1/agents takes; `-` reads it.")]
# What the API adds, and does not take back.
ADDED = ("agent_id", "version", "created_at", "updated_at")


@app.command("list")
def list_agents(search: str = "", as_json: AsJson = False) -> None:
    """List your agents, newest first."""
    filters = {"search": search} if search else {}
    rows = run(lambda client: _all(client.agents(**filters)))
    table(rows, ("agent_id", "version", "language", "name"), as_json=as_json)


@app.command()
def show(agent_id: str) -> None:
    """Print an agent as JSON, as `create` and `edit` take it."""
    found, _ = run(lambda client: client.agent(agent_id))
    typer.echo(json.dumps(_content(found), ensure_ascii=False, indent=2))


@app.command()
def create(file: JsonFile) -> None:
    """Save an agent; print its id."""
    body = _read(file)
    typer.echo(run(lambda client: client.create_agent(body))["agent_id"])


@app.command()
def edit(agent_id: str, file: JsonFile) -> None:
    """Change what the file names; the rest stays. Nothing is lost where somebody else edits."""
    change = _read(file)

    async def merge(client: Any) -> Any:
        found, etag = await client.agent(agent_id)
        return await client.replace_agent(agent_id, _content(found) | change, etag=etag)

    say(f"{agent_id} is now version {run(merge)['version']}")


@app.command()
def delete(agent_id: str) -> None:
    """Forget an agent."""
    run(lambda client: client.delete_agent(agent_id))
    say(f"{agent_id} is deleted")


def _read(file: Path) -> dict[str, Any]:
    text = typer.get_text_stream("stdin").read() if str(file) == "-" else file.read_text("utf-8")
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"{file} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} holds no JSON object")
    return _content(found)


def _content(agent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in agent.items() if name not in ADDED}


async def _all(items: Any) -> list[dict[str, Any]]:
    return [item async for item in items]
