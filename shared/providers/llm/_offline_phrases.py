"""The phrases of the offline writer: one JSON file per language in `_offline/`.

A file has `openings` and `closings` (short paragraphs, told whole), `facets` (the sides from
which any subject can be seen, each with sentences to begin, to go on and to end with, in the
order of a story: origins first, what comes next last) and `asides`, for where room is short.
`{title}` stands for the subject; `<this|that>` for a choice that varies the same sentence.

To add a language: a file. Nothing else.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "_offline"

# Tags that name a language otherwise than its file does.
_ALIASES = {"cmn": "zh", "yue": "zh", "nb": "no", "nn": "no", "fil": "tl", "iw": "he"}

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Facet:
    """A side from which any subject can be seen.

    Attributes:
        name: A heading for it.
        goal: What a block about it is for.
        lead: Sentences that begin it; one is used at a time.
        body: Sentences that go on.
        end: Sentences that end it; one is used at a time.
        ordered: Whether `body` is a little story, to be told whole or not at all.
    """

    name: str
    goal: str
    lead: tuple[str, ...]
    body: tuple[str, ...]
    end: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the offline writer can say in one language.

    Attributes:
        language: Two letters.
        quotes: What stands before and after a title inside a sentence.
        joiner: What stands between two sentences.
        asides: Sentences that stand alone, where there is room for one and no more.
    """

    language: str
    quotes: tuple[str, str]
    joiner: str
    openings: tuple[tuple[str, ...], ...]
    facets: tuple[Facet, ...]
    closings: tuple[tuple[str, ...], ...]
    asides: tuple[str, ...]


def languages() -> tuple[str, ...]:
    """Return the languages there are phrases for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def speak(tag: str) -> Phrases:
    """Return the phrases for a BCP 47 tag; English ones where its language has none."""
    return _read(resolve(tag))


@cache
def resolve(tag: str) -> str:
    """Return the language whose phrases serve `tag`."""
    base = tag.replace("_", "-").split("-")[0].lower()
    base = _ALIASES.get(base, base)
    return base if base in languages() else FALLBACK


@cache
def _read(language: str) -> Phrases:
    data = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    before, after = data["quotes"]
    return Phrases(
        language=language,
        quotes=(before, after),
        joiner=data["joiner"],
        openings=tuple(map(tuple, data["openings"])),
        facets=tuple(
            Facet(
                name=facet["name"],
                goal=facet["goal"],
                lead=tuple(facet["lead"]),
                body=tuple(facet["body"]),
                end=tuple(facet["end"]),
                ordered=facet.get("ordered", False),
            )
            for facet in data["facets"]
        ),
        closings=tuple(map(tuple, data["closings"])),
        asides=tuple(data["asides"]),
    )
