"""Spoken texts on their way to an OpenAI client: as a file, as samples, as events."""

import base64
import json
from collections.abc import AsyncIterator

from services.gateway.store.jobs import Job

MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
# A WAV header is 44 bytes and a few notes; more than this is none.
_LONGEST_HEADER = 4_096


async def samples(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the sound of a WAV file without what stands before it."""
    head = b""
    async for chunk in chunks:
        head += chunk
        at = head.find(b"data", 12)
        if at >= 0 and at + 8 <= len(head):
            yield head[at + 8 :]
            break
        if len(head) > _LONGEST_HEADER:
            raise ValueError("this is no WAV file")
    async for chunk in chunks:
        yield chunk


async def events(chunks: AsyncIterator[bytes], job: Job) -> AsyncIterator[bytes]:
    """Yield a file as OpenAI's server-sent events."""
    async for chunk in chunks:
        yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(chunk).decode()})
    # Counted in characters here, which is what voices are paid by.
    count = job.characters or 0
    usage = {"input_tokens": count, "output_tokens": 0, "total_tokens": count}
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(data: dict[str, object]) -> bytes:
    return f"data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
