"""What scripter asks the model. The texts are the files beside this one.

Context comes first and the order last, and what all blocks share comes before what differs:
providers charge less for a beginning they have just read.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from pydantic import BaseModel, ValidationError

from services.scripter.commission import Commission
from services.scripter.plan import Block
from services.scripter.prompts import schemas
from shared.errors import TransientError
from shared.providers.llm import Prompt

_NOTHING = "(nothing in particular)"
_TEXTS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parent.glob("*.txt"))
}

_TELLINGS = {
    "plain": "This is the plain telling.",
    "aspect": "This telling is one of several, and its own aspect is: {aspect}",
    "number": "This is telling number {number} of the same title. Choose an opening, an angle and "
    "examples that a first telling would not have.",
}
_PLACES = {
    "only": "Begin and conclude it: there is no other block.",
    "first": "Begin at once, and do not conclude.",
    "middle": "Go on from the last words: do not greet, do not recapitulate, do not conclude.",
    "last": "Go on from the last words: do not greet, do not recapitulate, and conclude.",
}
_LENGTHS = {
    "short": "It has {had} characters and must have about {wanted}. Tell it more fully: a scene, "
    "an example, a reason. Do not pad, and say nothing twice.",
    "long": "It has {had} characters and must have about {wanted}. Leave out what matters least, "
    "and keep the rest whole.",
}


def _version() -> str:
    told = [_TEXTS, schemas.PREMISE, schemas.PLAN, schemas.REVIEW, _TELLINGS, _PLACES, _LENGTHS]
    whole = json.dumps(told, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


# Part of every fingerprint. It follows from the prompts, so nobody can forget to raise it.
VERSION = _version()


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What the writer of a block is given besides the commission."""

    premise: str
    plan: tuple[Block, ...]
    summary: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A block to be written again.

    Attributes:
        number: Which it is, from 1.
        written: What it says now.
        follows: How the block after it begins.
        faults: What must change.
    """

    number: int
    written: str
    follows: str
    faults: tuple[str, ...]


class _Premise(BaseModel):
    logline: str


def check_premise(answer: str) -> None:
    """Accept an answer that is a premise.

    Raises:
        TransientError: it is not; another try may be.
    """
    try:
        _Premise.model_validate_json(answer)
    except ValidationError as error:
        raise TransientError("the premise is not the JSON asked for") from error


def premise(asked: Commission) -> Prompt:
    """Return what to ask for the premise."""
    text = _fill(
        "premise",
        title=asked.title,
        telling=_telling(asked),
        premise=asked.premise or _NOTHING,
        characters=asked.characters,
        language=asked.language,
    )
    return Prompt(
        task="premise",
        text=text,
        system=_system(asked),
        facts=_facts(asked),
        schema=schemas.PREMISE,
    )


def plan(asked: Commission, premise: str, blocks: int) -> Prompt:
    """Return what to ask for the plan."""
    text = _fill(
        "plan",
        title=asked.title,
        premise=premise,
        telling=_telling(asked),
        structure=asked.structure or _NOTHING,
        blocks=blocks,
        characters=asked.characters,
    )
    facts = _facts(asked) | {"blocks": blocks}
    return Prompt(task="plan", text=text, system=_system(asked), facts=facts, schema=schemas.PLAN)


def block(asked: Commission, so_far: SoFar, number: int) -> Prompt:
    """Return what to ask for block `number`, from 1."""
    return _block_prompt(asked, so_far, number, _block_text(asked, so_far, number))


def review(
    asked: Commission, premise: str, blocks: Sequence[Block], texts: Sequence[str]
) -> Prompt:
    """Return what to ask about a script that is whole."""
    told = [
        f"Block {number}: {block.heading}\n{text}"
        for number, (block, text) in enumerate(zip(blocks, texts, strict=True), start=1)
    ]
    text = _fill(
        "review",
        title=asked.title,
        premise=premise,
        script="\n\n".join(told),
        language=asked.language,
    )
    facts = _facts(asked) | {"blocks": len(texts)}
    return Prompt(
        task="review", text=text, system=_system(asked), facts=facts, schema=schemas.REVIEW
    )


def rewrite(asked: Commission, so_far: SoFar, again: Again) -> Prompt:
    """Return what to ask for a block that must change."""
    text = _fill(
        "rewrite",
        asked=_block_text(asked, so_far, again.number),
        written=again.written,
        next=again.follows or "(it is the last)",
        faults="\n".join(f"- {fault}" for fault in again.faults),
        characters=so_far.plan[again.number - 1].characters,
    )
    return _block_prompt(asked, so_far, again.number, text)


def length_fault(had: int, wanted: int) -> str:
    """Return what to say about a block of `had` characters."""
    return _LENGTHS["short" if had < wanted else "long"].format(had=had, wanted=wanted)


def _block_text(asked: Commission, so_far: SoFar, number: int) -> str:
    wanted = so_far.plan[number - 1]
    return _fill(
        "block",
        title=asked.title,
        premise=so_far.premise,
        plan="\n".join(
            f"{index}. {each.heading} ({each.characters} characters): {each.goal}"
            for index, each in enumerate(so_far.plan, start=1)
        ),
        telling=_telling(asked),
        summary=so_far.summary or "(nothing yet)",
        tail=so_far.tail or "(nothing yet)",
        number=number,
        blocks=len(so_far.plan),
        heading=wanted.heading,
        goal=wanted.goal,
        characters=wanted.characters,
        language=asked.language,
        place=_place(number, len(so_far.plan)),
    )


def _block_prompt(asked: Commission, so_far: SoFar, number: int, text: str) -> Prompt:
    wanted = so_far.plan[number - 1]
    facts = _facts(asked) | {
        "block": number,
        "blocks": len(so_far.plan),
        "heading": wanted.heading,
        "goal": wanted.goal,
        "target_characters": wanted.characters,
    }
    return Prompt(task="block", text=text, system=_system(asked), facts=facts)


def _system(asked: Commission) -> str:
    return _fill("system", language=asked.language, persona=asked.persona)


def _facts(asked: Commission) -> dict[str, Any]:
    return {
        "title": asked.title,
        "language": asked.language,
        "aspect": asked.aspect,
        "variation": asked.variation,
        "target_characters": asked.characters,
    }


def _telling(asked: Commission) -> str:
    if asked.aspect:
        return _TELLINGS["aspect"].format(aspect=asked.aspect)
    if asked.variation > 1:
        return _TELLINGS["number"].format(number=asked.variation)
    return _TELLINGS["plain"]


def _place(number: int, blocks: int) -> str:
    if blocks == 1:
        return _PLACES["only"]
    if number == 1:
        return _PLACES["first"]
    return _PLACES["last" if number == blocks else "middle"]


def _fill(name: str, **values: object) -> str:
    return Template(_TEXTS[name]).substitute(values).strip()
