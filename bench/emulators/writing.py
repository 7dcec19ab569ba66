"""Texts of a length, in a language, that come out the same for the same seed."""

import re
from dataclasses import dataclass
from itertools import count, pairwise
from random import Random

from bench.emulators.chance import draw
from bench.emulators.languages import samples, wanted

_USUAL = 600
_MOST = 40_000
_PARAGRAPH = 500
_AMOUNT = re.compile(
    r"(\d[\d.,]*)(?:\s*(?:-|\u2013|to|a|e|and)\s*(\d[\d.,]*))?\s*"
    r"(characters|chars|caracteres|words|palavras|palabras|minutes|minutos|seconds|segundos)",
    re.IGNORECASE,
)
_UNITS = {"w": 6, "p": 6, "m": 840, "s": 14, "c": 1}
_COUNT = re.compile(
    r"about (\d+) of them|(\d+) (?:blocks?|blocos?|bloques?|sections?|parts?|partes?|items?)",
    re.IGNORECASE,
)


_PARAGRAPHS = re.compile(r"(\d+) (?:paragraphs?|parágrafos?|párrafos?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a prompt asks for, as far as an emulator understands it.

    Attributes:
        language: Without region.
        characters: How long; `count` is how many pieces, 0 where it is not said.
        seed: What makes this answer another than the next.
        paragraphs: In how many; 0 where it is not said.
    """

    language: str
    characters: int
    count: int
    seed: str
    paragraphs: int = 0


def brief(system: str, prompt: str, seed: str) -> Brief:
    """Read what is asked for. What is said last holds: prompts end with their order."""
    amounts = list(_AMOUNT.finditer(prompt)) or list(_AMOUNT.finditer(system))
    counts = [int(one or other) for one, other in _COUNT.findall(prompt)]
    return Brief(
        language=wanted(system, prompt),
        characters=min(_characters(amounts[-1]), _MOST) if amounts else _USUAL,
        count=counts[-1] if counts else 0,
        seed=seed,
        paragraphs=int(([0, *_PARAGRAPHS.findall(prompt)])[-1]),
    )


def passage(language: str, characters: int, seed: str, *, paragraphs: int = 0) -> str:
    """Return about `characters` characters of whole sentences, in that many paragraphs."""
    sentences = _sentences(language, characters, seed)
    pieces = min(paragraphs or max(1, round(characters / _PARAGRAPH)), len(sentences))
    bounds = [len(sentences) * number // pieces for number in range(pieces + 1)]
    joiner = samples(language).joiner
    return "\n\n".join(joiner.join(sentences[start:end]) for start, end in pairwise(bounds))


def sentence(language: str, seed: str) -> str:
    """Return one sentence."""
    return _shuffled(language, draw(seed, language))[0]


def phrase(language: str, seed: str) -> str:
    """Return a few words without a full stop: a heading, a title."""
    whole = sentence(language, seed).rstrip(".\u3002\u0964\u06d4")
    words = whole.split(" ")
    return " ".join(words[:6]).rstrip(",") if len(words) > 2 else whole[:16]


def _sentences(language: str, characters: int, seed: str) -> list[str]:
    found: list[str] = []
    length = 0
    for number in count():
        for each in _shuffled(language, draw(seed, language, number)):
            # Nearer to what was asked without this sentence than with it: done.
            if found and length + len(each) / 2 > characters:
                return found
            found.append(each)
            length += len(each) + 1
    return found


def _shuffled(language: str, source: Random) -> list[str]:
    table = samples(language)
    sentences = list(table.sentences)
    if table.combine:
        # Each beginning, middle and end once in a round: no sentence resembles its neighbour.
        rounds = [source.sample(part, len(part)) for part in table.combine]
        sentences = [" ".join(parts) for parts in zip(*rounds, strict=True)]
    source.shuffle(sentences)
    return sentences


def _characters(found: re.Match[str]) -> int:
    numbers = [int(re.sub(r"\D", "", each)) for each in found.groups()[:2] if each]
    return max(1, sum(numbers) // len(numbers)) * _UNITS[found[3][0].lower()]
