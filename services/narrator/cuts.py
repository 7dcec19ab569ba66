"""How a text was cut before, and what of that still holds after it was edited. Pure."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import TypeAlias

from pydantic import TypeAdapter

# The pieces of text of each segment.
Cut: TypeAlias = Sequence[Sequence[str]]

_JSON = TypeAdapter(tuple[tuple[str, ...], ...])


def kept(pieces: Sequence[str], before: Cut) -> Iterator[tuple[int, int]]:
    """Yield where, among `pieces`, whole segments of before are still there, in order."""
    old = [piece for segment in before for piece in segment]
    edges = list(pairwise(accumulate(map(len, before), initial=0)))
    for was, now, size in SequenceMatcher(None, old, pieces, autojunk=False).get_matching_blocks():
        for start, end in edges:
            if was <= start < end <= was + size:
                yield now + start - was, now + end - was


def dump(cut: Cut) -> bytes:
    """Return a cut as it is stored."""
    return _JSON.dump_json(tuple(map(tuple, cut)))


def load(data: bytes) -> Cut:
    """Return a stored cut."""
    return _JSON.validate_json(data)
