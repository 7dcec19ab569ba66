"""`bolt narrate`: a text into a file."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.running import run, say

# Longer than any name of a file: a text.
NAME_CHARACTERS = 255
FORMATS = ("mp3", "opus", "flac", "wav")
FAILED = 3


def narrate(
    text: Annotated[str, typer.Argument(help="The text, or a UTF-8 file that holds it.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=f"Its ending: {', '.join(FORMATS)}.")
    ] = Path("narration.mp3"),
    voice: Annotated[str | None, typer.Option(help="An id of `bolt voices`.")] = None,
    language: Annotated[str | None, typer.Option("--language", "-l", help="BCP 47 tag.")] = None,
    rate: Annotated[float, typer.Option(help="How fast, 0.25 to 2.")] = 1.0,
) -> None:
    """Speak a text as it stands; exit with 3 where nobody could."""
    body = request(text_of(text), output, voice=voice, language=language, rate=rate)

    async def spoken(client: Any) -> dict[str, Any]:
        told = await client.narrate(body)
        result: dict[str, Any] = told["results"][0]
        if result["state"] == "completed":
            await client.save_audio(result["job_id"], output)
        return result

    result = run(spoken)
    if result["state"] != "completed":
        say(str((result["error"] or {}).get("message") or result["state"]))
        raise typer.Exit(FAILED)
    typer.echo(output)
    cached = ", was there already" if result["cached"] else ""
    say(f"{result['audio_seconds']:.1f} s as {result['voice']}{cached}")


def request(
    text: str, output: Path, *, voice: str | None, language: str | None, rate: float = 1.0
) -> dict[str, Any]:
    """Return what to ask of the API."""
    kind = output.suffix.removeprefix(".").lower()
    options = {"format": kind if kind in FORMATS else "mp3", "speaking_rate": rate}
    return {"text": text, "voice": voice, "language": language, "options": options}


def text_of(given: str) -> str:
    """Return a text: what is given, or what is in the file of that name."""
    if len(given) <= NAME_CHARACTERS and "\n" not in given and Path(given).is_file():
        return Path(given).read_text(encoding="utf-8")
    return given
