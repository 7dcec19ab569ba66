"""`bolt review` and `bolt edit`: texts, before and after they are narrated."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.running import AsJson, run, say, table

app = typer.Typer(no_args_is_help=True, help="Texts that wait for somebody to read them.")


@app.command("list")
def list_reviews(batch_id: str, as_json: AsJson = False) -> None:
    """List the texts of a batch that wait."""
    rows = run(lambda client: _all(client, batch_id))
    if not as_json:
        rows = [{**row["job"], "text": row["text"][:80].replace("\n", " ")} for row in rows]
    table(rows, ("job_id", "language", "title", "text"), as_json=as_json)


@app.command()
def show(job_id: str) -> None:
    """Show a text, a numbered sentence a line."""
    found = run(lambda client: client.script(job_id))
    for sentence in found["sentences"]:
        typer.echo(f"{sentence['index']:4}  {sentence['text']}")


@app.command()
def approve(job_ids: list[str]) -> None:
    """Let jobs be narrated, with their texts as they stand."""

    async def all_of_them(client: Any) -> None:
        for job_id in job_ids:
            await client.approve(job_id)
            say(f"{job_id} is approved")

    run(all_of_them)


@app.command()
def reject(
    job_id: str,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Have it written once more.")] = False,
) -> None:
    """Refuse a text."""
    run(lambda client: client.reject(job_id, note=note, again=again))
    say(f"{job_id} is {'written again' if again else 'rejected'}")


def edit(
    job_id: str,
    sentence: Annotated[int | None, typer.Option("--sentence", "-s", help="Its number.")] = None,
    text: Annotated[str | None, typer.Option("--text", "-t", help="What it says instead.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="The whole text.")] = None,
) -> None:
    """Change a sentence of a job's text, or all of it. Only what changed is narrated again."""
    if (file is None) == (sentence is None or text is None):
        raise typer.BadParameter("give --sentence and --text, or --file")

    async def change(client: Any) -> Any:
        if file is not None:
            return await client.replace_script(job_id, file.read_text(encoding="utf-8"))
        read = await client.script(job_id)
        return await client.change_script(job_id, {sentence or 0: text or ""}, etag=read["etag"])

    found = run(change)
    say(f"run {found['run']}" if found["run"] else "changed" if found["changed"] else "as it was")


async def _all(client: Any, batch_id: str) -> list[dict[str, Any]]:
    return [item async for item in client.reviews(batch_id)]
