"""One text into one file."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypedDict
from uuid import uuid4

from cli import config
from cli.client import Client
from cli.errors import BoltError
from cli.narrating import request


class NarrationResult(TypedDict):
    """What became of a text.

    Attributes:
        success: Whether there is a file.
        audio_path: Where it is.
        duration: Its seconds.
        cached: Whether it had been spoken before, and cost nothing.
        error: Why there is none.
    """

    success: bool
    audio_path: str | None
    duration: float | None
    cached: bool
    error: str | None


async def generate_narration(
    text: str,
    output_path: str | Path | None = None,
    voice: str | None = None,
    provider: str = "auto",
    language: str | None = None,
) -> NarrationResult:
    """Speak a text and write the sound to a file. What goes wrong is told, not raised.

    Which API, and as whom: `BOLT_URL` and `BOLT_TOKEN` (an API key is one, too), else what
    `bolt login` keeps.

    Args:
        text: Spoken as it stands.
        output_path: Its ending says which format: .mp3, .opus, .flac or .wav. Left out: an MP3
            among the temporary files.
        voice: An id of the catalogue, as `v2/pt_speaker_2`.
        provider: Whose voice, where none is named: `bark`, `gtts`, `google` ...; `auto`.
        language: BCP 47 tag; left out, it is the voice's, or read off the text.
    """
    file = Path(output_path) if output_path else Path(tempfile.gettempdir(), f"{uuid4()}.mp3")
    body = request(text, file, voice=voice, language=language) | {"provider": provider}
    try:
        async with _client() as client:
            told = await client.narrate(body)
            result: dict[str, Any] = told["results"][0]
            if result["state"] != "completed":
                return _failed((result["error"] or {}).get("message") or result["state"])
            await client.save_audio(result["job_id"], file)
    except (BoltError, OSError) as error:
        return _failed(str(error))
    return NarrationResult(
        success=True,
        audio_path=str(file),
        duration=result["audio_seconds"],
        cached=result["cached"],
        error=None,
    )


def generate_narration_sync(
    text: str,
    output_path: str | Path | None = None,
    voice: str | None = None,
    provider: str = "auto",
    language: str | None = None,
) -> NarrationResult:
    """Do as `generate_narration`, and wait for it; also where an event loop runs already."""
    # In a thread of its own: a notebook, for one, has a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(
            lambda: asyncio.run(generate_narration(text, output_path, voice, provider, language))
        ).result()


def _client() -> Client:
    settings = config.read()
    kept = config.InFile(settings.url)
    token = settings.token or kept.read().access
    return Client(settings.url, token=token, keeper=None if settings.token else kept)


def _failed(error: str) -> NarrationResult:
    return NarrationResult(success=False, audio_path=None, duration=None, cached=False, error=error)
