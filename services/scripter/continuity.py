"""What the writer of a block must know of the blocks before it. Pure."""

import re
from collections.abc import Sequence

from services.scripter.plan import Block

_SUMMARY = 1_200
_TAIL = 700
_SENTENCE = re.compile(r"(?<=[.!?…\u3002\uff1f\uff01\u0964])\s*")


def summary(blocks: Sequence[Block], texts: Sequence[str]) -> str:
    """Return what has been told, block by block; of a long script, the newest part."""
    lines = [
        f"{number}. {block.heading}: {block.goal} It ended: {_last_sentence(text)}"
        for number, (block, text) in enumerate(zip(blocks, texts, strict=False), start=1)
    ]
    kept: list[str] = []
    for line in reversed(lines):
        if kept and sum(map(len, kept)) + len(line) > _SUMMARY:
            break
        kept.insert(0, line)
    return "\n".join(kept)


def tail(text: str) -> str:
    """Return the end of `text`, word for word, from the beginning of a sentence where it can."""
    if len(text) <= _TAIL:
        return text
    end = text[-_TAIL:]
    parts = _SENTENCE.split(end, maxsplit=1)
    return parts[1] if len(parts) == 2 and parts[1] else end


def _last_sentence(text: str) -> str:
    sentences = [each for each in _SENTENCE.split(text.strip()) if each]
    return sentences[-1][-300:] if sentences else ""
