"""What adapter asks the model. The texts are the files beside this one."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from services.adapter import languages, parts
from services.adapter.assignment import Assignment
from shared.providers.llm import Prompt
from shared.vocabulary import Chapter

_NOTHING = "(nothing in particular)"
# A part, its notes and the model's thoughts.
_MAX_OUTPUT_TOKENS = 32_768
_TAIL = 600
_DECIDED = 30

_TEXTS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parent.glob("*.txt"))
}

_TEXT = {"type": "string"}
_LINES = {"type": "array", "items": _TEXT, "maxItems": 20}
_NOTE = {
    "type": "object",
    "properties": {"term": _TEXT, "pronunciation": _TEXT},
    "required": ["term", "pronunciation"],
}
_ADAPTATION = {
    "type": "object",
    "properties": {
        "title": _TEXT,
        "text": _TEXT,
        "adaptations": _LINES,
        "reading_notes": {"type": "array", "items": _NOTE, "maxItems": 20},
        "chapter_titles": {"type": "array", "items": _TEXT, "maxItems": 200},
    },
    "required": ["text"],
}
_FAULTS = {
    "language": "- It is in {reads_as}. It must be in {language}, from the first word to the last.",
    "term": '- The term "{term}" does not appear as "{said}".',
}


def _version() -> str:
    whole = json.dumps([_TEXTS, _ADAPTATION, _FAULTS], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


# Part of every fingerprint. It follows from the prompts, so nobody can forget to raise it.
VERSION = _version()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the script, and what the parts before it left.

    Attributes:
        text: What to adapt.
        number: Which it is, from 1.
        parts: Of how many.
        tail: The adaptation so far; only its end is shown.
        decided: What was adapted and how, so that it stays the same.
        chapters: Those that begin in it, counted from its own first paragraph.
    """

    text: str
    number: int = 1
    parts: int = 1
    tail: str = ""
    decided: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()


def adapt(asked: Assignment, part: Part) -> Prompt:
    """Return what to ask for one part."""
    return _prompt(asked, part, _question(asked, part))


def repair(
    asked: Assignment, part: Part, *, rejected: str, reads_as: str, terms: Mapping[str, str]
) -> Prompt:
    """Return what to ask where the answer to `adapt` will not do.

    Args:
        asked: What is to be adapted.
        part: The part of it.
        rejected: The text that came.
        reads_as: The language it came in; empty where that was right.
        terms: The terms it lacks, and how they must appear.
    """
    faults: list[str] = []
    if reads_as:
        faults.append(_FAULTS["language"].format(reads_as=reads_as, language=asked.language))
    faults += [_FAULTS["term"].format(term=term, said=said) for term, said in terms.items()]
    text = _fill(
        "repair",
        asked=_question(asked, part),
        faults="\n".join(faults),
        rejected=rejected,
        language=asked.language,
    )
    return _prompt(asked, part, text)


def _question(asked: Assignment, part: Part) -> str:
    paragraphs = parts.count(part.text)
    return _fill(
        "adapt",
        title=asked.title,
        adaptation=asked.adaptation or _NOTHING,
        culture=asked.culture or _NOTHING,
        glossary="\n".join(f"{term}: {said}" for term, said in asked.glossary.items()) or _NOTHING,
        kept="\n".join(asked.kept) or _NOTHING,
        decided="\n".join(part.decided[-_DECIDED:]) or "(nothing yet)",
        tail=part.tail[-_TAIL:] or "(nothing yet)",
        part=part.number,
        parts=part.parts,
        source=asked.source,
        text=part.text,
        language=asked.language,
        characters=_characters(asked, part),
        paragraphs=f"{paragraphs} paragraph{'s' if paragraphs > 1 else ''}",
        chapters="\n".join(chapter.title for chapter in part.chapters) or "(none)",
    )


def _characters(asked: Assignment, part: Part) -> int:
    return languages.length_in(asked.language, characters=len(part.text), source=asked.source)


def _prompt(asked: Assignment, part: Part, text: str) -> Prompt:
    return Prompt(
        task="adapt",
        text=text,
        system=_fill("system", language=asked.language, persona=asked.persona),
        facts={
            "title": asked.title,
            "language": asked.language,
            "source_language": asked.source,
            "script": asked.script,
            "text": part.text,
            "part": part.number,
            "parts": part.parts,
            "chapters": len(part.chapters),
            "target_characters": _characters(asked, part),
        },
        schema=_ADAPTATION,
        max_output_tokens=_MAX_OUTPUT_TOKENS,
    )


def _fill(name: str, **values: object) -> str:
    return Template(_TEXTS[name]).substitute(values).strip()
