"""What adapter asks the model. The texts are the files beside this one."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

from services.adapter import languages
from services.adapter.assignment import Assignment
from shared.providers.llm import Prompt

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
_ADAPTATION = {
    "type": "object",
    "properties": {
        "title": _TEXT,
        "text": _TEXT,
        "adaptations": _LINES,
        "reading_notes": _LINES,
    },
    "required": ["text"],
}


def _version() -> str:
    whole = json.dumps([_TEXTS, _ADAPTATION], sort_keys=True)
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
    """

    text: str
    number: int = 1
    parts: int = 1
    tail: str = ""
    decided: tuple[str, ...] = ()


def adapt(asked: Assignment, part: Part) -> Prompt:
    """Return what to ask for one part."""
    characters = languages.length_in(asked.language, characters=len(part.text), source=asked.source)
    text = _fill(
        "adapt",
        title=asked.title,
        adaptation=asked.adaptation or _NOTHING,
        culture=asked.culture or _NOTHING,
        decided="\n".join(part.decided[-_DECIDED:]) or "(nothing yet)",
        tail=part.tail[-_TAIL:] or "(nothing yet)",
        part=part.number,
        parts=part.parts,
        source=asked.source,
        text=part.text,
        language=asked.language,
        characters=characters,
    )
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
            "target_characters": characters,
        },
        schema=_ADAPTATION,
        max_output_tokens=_MAX_OUTPUT_TOKENS,
    )


def _fill(name: str, **values: object) -> str:
    return Template(_TEXTS[name]).substitute(values).strip()
