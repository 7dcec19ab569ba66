"""Whether a script is as long as it should be, and which blocks make that so. Pure."""

from collections.abc import Sequence

from services.scripter.plan import Block

# What an audience of minutes notices; models that are asked for less precision give more.
TOLERANCE = 0.15
# Rewritten blocks miss their length too, so more is asked for than would just do.
_AIM = TOLERANCE / 2
_JOINER = 2


def measured(texts: Sequence[str]) -> int:
    """Return how long the script of these blocks is."""
    return sum(map(len, texts)) + _JOINER * (len(texts) - 1)


def off(characters: int, wanted: int) -> bool:
    """Return whether `characters` is too far from what was wanted."""
    return abs(characters - wanted) > TOLERANCE * wanted


def to_rewrite(blocks: Sequence[Block], texts: Sequence[str], *, wanted: int) -> list[int]:
    """Return the numbers of the blocks to write again, from 1: the fewest that should do.

    Args:
        blocks: What was planned.
        texts: What was written.
        wanted: How long the whole should be.
    """
    total = measured(texts)
    if not off(total, wanted):
        return []
    too_long = total > wanted
    excess = {
        number: (len(text) - block.characters) * (1 if too_long else -1)
        for number, (block, text) in enumerate(zip(blocks, texts, strict=True), start=1)
    }
    chosen: list[int] = []
    missing = abs(total - wanted) - _AIM * wanted
    for number in sorted(excess, key=excess.__getitem__, reverse=True):
        if missing <= 0 or excess[number] <= 0:
            break
        chosen.append(number)
        missing -= excess[number]
    return sorted(chosen)
