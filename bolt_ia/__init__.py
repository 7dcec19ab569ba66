"""Bolt IA from Python: a text into a file, or everything that the API does.

    from bolt_ia import generate_narration_sync

    result = generate_narration_sync("Bem-vindos ao curso!", "intro.mp3")

`Client` is the whole API, for asyncio. Needs the extra `cli`.
"""

from bolt_ia.narration import NarrationResult, generate_narration, generate_narration_sync
from cli.client import Client
from cli.errors import ApiError, BoltError, UnreachableError

__all__ = [
    "ApiError",
    "BoltError",
    "Client",
    "NarrationResult",
    "UnreachableError",
    "generate_narration",
    "generate_narration_sync",
]
