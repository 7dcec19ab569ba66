"""How alike two texts are: the share of their trigrams that both have. Pure.

A word counts with two blanks before it and one after, so that beginnings weigh more than ends.
Trigrams are kept as hashes, which every PostgreSQL can intersect without an extension.
"""

import re
import zlib

WORD = re.compile(r"\w+")
# Of a long text these are enough to tell it from others.
MOST = 4_000


def trigrams(text: str) -> list[int]:
    """Return the hashes of the trigrams of `text`, each once, sorted."""
    found = {
        _hash(padded[at : at + 3])
        for word in WORD.findall(text.casefold())
        for padded in (f"  {word} ",)
        for at in range(len(padded) - 2)
    }
    return sorted(found)[:MOST]


def _hash(trigram: str) -> int:
    # As PostgreSQL's integer: with a sign.
    return zlib.crc32(trigram.encode()) - 2**31
