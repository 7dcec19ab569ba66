"""One telling of one title: which phrases, in which order, until the length is reached. Pure.

Every choice is a hash of what is told, so the same question has the same answer in every
process, and another title, aspect or variation has another one.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from shared.providers.llm._offline_phrases import Facet, Phrases

T = TypeVar("T")

_CHOICE = re.compile(r"<([^<>]*)>")
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"\s*[:|•\u2013\u2014(\[]\s*|\s+-\s+")
# Above this a title is a sentence of its own: it is said whole once, then shortened.
_LONG_TITLE = 60
_BODIES = 3
_PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling that is about to be written.

    Attributes:
        phrases: In which language.
        title: What it is about.
        seed: What makes it this telling and no other: aspect, variation.
    """

    phrases: Phrases
    title: str
    seed: str

    def facets(self, blocks: int) -> tuple[Facet, ...]:
        """Return what each of `blocks` blocks is about, mainly."""
        facets = self._deck()
        return tuple(facets[index] for _, index in self._group(facets, 0, blocks))

    def block(self, number: int, blocks: int, characters: int) -> str:
        """Return block `number` (from 1) of `blocks`, of about `characters` characters."""
        brief = len(self.title) * 3 > characters
        opening = self._opening(brief=brief) if number == 1 else []
        closing = self._told(self.phrases.closings, "closing") if number == blocks else []
        room = characters - len(self._joined(opening + closing))
        if room <= 0:
            return self._cut(opening, closing, characters)
        page = _Page(room, self.phrases.joiner)
        paragraphs = self._fill(page, number - 1, blocks) or [page.nearest(self.phrases.asides)]
        if not any([opening, closing, *paragraphs]):
            return self._cut(self._sentences(self.phrases.facets[0], 0), [], characters)
        return self._laid_out([opening, *paragraphs, closing])

    def _deck(self) -> tuple[Facet, ...]:
        deck = self._ordered(self.phrases.facets, "facets")
        # What to do with it, and what comes next, are no way to begin.
        late = self.phrases.facets[-2:]
        first = next(facet for facet in deck if facet not in late)
        return (first, *(facet for facet in deck if facet is not first))

    def _fill(self, page: "_Page", lane: int, blocks: int) -> list[list[str]]:
        facets = self._deck()
        told: list[tuple[int, int, list[str]]] = []
        group = 0
        while page.room > 0:
            lap, index = self._group(facets, group, blocks)[lane]
            group += 1
            facet = facets[index]
            sentences = self._sentences(facet, lap)
            if facet.ordered and page.size(sentences) > page.room and group < len(facets):
                continue
            if paragraph := page.take(sentences):
                told.append((lap, self.phrases.facets.index(facet), paragraph))
        if told:
            lap, rank, paragraph = told[-1]
            facet = self.phrases.facets[rank]
            spare = [self._say(each, f"{facet.name}|{lap}") for each in facet.body]
            paragraph[-1:-1] = page.nearest([each for each in spare if each not in paragraph])
        return [paragraph for *_, paragraph in sorted(told)]

    def _group(self, facets: tuple[Facet, ...], group: int, blocks: int) -> list[tuple[int, int]]:
        # A deal of cards: each block gets one facet in turn, so no two tell the same thing.
        # Within a deal they follow the file, which goes from origins to what comes next.
        dealt = [
            divmod(position, len(facets))
            for position in range(group * blocks, (group + 1) * blocks)
        ]
        return sorted(dealt, key=lambda card: (card[0], self.phrases.facets.index(facets[card[1]])))

    def _sentences(self, facet: Facet, lap: int) -> list[str]:
        key = f"{facet.name}|{lap}"
        body = facet.body
        if not facet.ordered:
            shuffled = self._ordered(facet.body, facet.name)
            start = lap * _BODIES
            body = tuple(shuffled[index % len(body)] for index in range(start, start + _BODIES))
        lead = self._nth(facet.lead, f"{facet.name}|lead", lap)
        end = self._nth(facet.end, f"{facet.name}|end", lap)
        return [self._say(sentence, key) for sentence in (lead, *body, end)]

    def _opening(self, *, brief: bool) -> list[str]:
        title = shortened(self.title) if brief else self.title
        return self._told(self.phrases.openings, "opening", title=title)

    def _told(
        self, choices: Sequence[Sequence[str]], kind: str, *, title: str | None = None
    ) -> list[str]:
        return [self._say(sentence, kind, title) for sentence in self._nth(choices, kind, 0)]

    def _cut(self, opening: list[str], closing: list[str], characters: int) -> str:
        # No room for a beginning and an end: as many sentences as come closest.
        size, sentences = len(opening), opening + closing
        tried = [
            self._laid_out([sentences[:count][:size], sentences[:count][size:]])
            for count in range(1, len(sentences) + 1)
        ]
        return min(tried, key=lambda text: abs(len(text) - characters))

    def _laid_out(self, paragraphs: list[list[str]]) -> str:
        return _PARAGRAPH.join(self._joined(paragraph) for paragraph in paragraphs if paragraph)

    def _say(self, sentence: str, key: str, title: str | None = None) -> str:
        def choose(found: re.Match[str]) -> str:
            options = found[1].split("|")
            return options[self._number(f"{key}|{found[1]}") % len(options)]

        before, after = self.phrases.quotes
        title = title or shortened(self.title)
        # The question in which it is named already has its mark.
        inner = title.rstrip("?") if "{title}?" in sentence else title
        said = f"{before}{inner}{after}"
        return _CHOICE.sub(choose, sentence).replace("{title}", said)

    def _joined(self, sentences: list[str]) -> str:
        return self.phrases.joiner.join(sentences)

    def _nth(self, choices: Sequence[T], key: str, index: int) -> T:
        return self._ordered(choices, key)[index % len(choices)]

    def _ordered(self, choices: Sequence[T], key: str) -> tuple[T, ...]:
        numbers = [self._number(f"{key}|{index}") for index in range(len(choices))]
        order = sorted(range(len(choices)), key=numbers.__getitem__)
        return tuple(choices[index] for index in order)

    def _number(self, key: str) -> int:
        data = f"{self.title}|{self.seed}|{key}".encode()
        return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


class _Page:
    """The room that is left, and what fits into it."""

    def __init__(self, room: int, joiner: str) -> None:
        self.room = room
        self.left = room
        self._joiner = len(joiner)

    def size(self, sentences: Sequence[str]) -> int:
        """Return how much room `sentences` take."""
        return sum(len(sentence) + self._joiner for sentence in sentences)

    def take(self, sentences: list[str]) -> list[str]:
        """Return what fits of a paragraph; nothing where it is not worth beginning."""
        taken: list[str] = []
        room = self.room
        for sentence in sentences:
            # Half a sentence too long is as near as half a sentence too short.
            if self.size([sentence]) > 2 * room:
                break
            taken.append(sentence)
            room -= self.size([sentence])
        whole = len(taken) == len(sentences)
        self.left = room if whole or len(taken) > 1 else self.room
        self.room = room if whole else 0
        return taken if len(taken) > 1 else []

    def nearest(self, sentences: Sequence[str]) -> list[str]:
        """Return the one sentence that fills best what was left at the end, if any does."""
        fitting = [each for each in sentences if self.size([each]) <= 2 * self.left]
        return sorted(fitting, key=lambda each: abs(len(each) - self.left))[:1]


def plain(title: str) -> str:
    """Return `title` as it can be said inside a sentence."""
    said = _SPACES.sub(" ", title).strip(" .\"'“”«»„「」")
    return said.translate({ord(mark): None for mark in "<>{}[]*#`_|"}).strip() or title.strip()


def shortened(title: str) -> str:
    """Return the part of a long title that names its subject."""
    if len(title) <= _LONG_TITLE:
        return title
    head = _BREAK.split(title, maxsplit=1)[0].rstrip(" ,;")
    if 8 <= len(head) <= _LONG_TITLE:
        return head
    cut = title[:_LONG_TITLE].rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:-")
