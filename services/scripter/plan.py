"""The plan of a script: its blocks, and how long each should be. Pure."""

from dataclasses import dataclass
from math import ceil

from pydantic import BaseModel, Field, ValidationError

from shared.errors import TransientError

# A model that plans more than this did not understand the question.
MOST_BLOCKS = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a script that is written at once."""

    heading: str
    goal: str
    characters: int


class _PlannedBlock(BaseModel):
    heading: str = ""
    goal: str = ""
    target_characters: float = Field(default=0, ge=0, allow_inf_nan=False)


class _Plan(BaseModel):
    blocks: list[_PlannedBlock] = Field(min_length=1, max_length=MOST_BLOCKS)


def how_many(characters: int, *, block_characters: int) -> int:
    """Return into how many blocks a script of `characters` is best divided."""
    return min(MOST_BLOCKS, max(1, ceil(characters / block_characters)))


def read(answer: str, *, characters: int) -> tuple[Block, ...]:
    """Return the blocks a model planned, fitted to the length that was asked for.

    Args:
        answer: The model's JSON.
        characters: What the blocks must come to; models do not add up well.

    Raises:
        TransientError: it is not the JSON that was asked for; another try may be.
    """
    try:
        planned = _Plan.model_validate_json(answer).blocks
    except ValidationError as error:
        raise TransientError(f"the plan is not the JSON asked for: {_why(error)}") from error
    total = sum(block.target_characters for block in planned)
    shares = [block.target_characters / total if total else 1 / len(planned) for block in planned]
    return tuple(
        Block(block.heading, block.goal, max(1, round(share * characters)))
        for block, share in zip(planned, shares, strict=True)
    )


def _why(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
