"""What an editor found in a script that does not hold together. Pure."""

from pydantic import BaseModel, ValidationError


class _Contradiction(BaseModel):
    block: int
    contradiction: str


class _Review(BaseModel):
    contradictions: list[_Contradiction] = []


def read(answer: str, *, blocks: int) -> dict[int, list[str]] | None:
    """Return what must change in which block, by its number; None where `answer` is no review."""
    try:
        found = _Review.model_validate_json(answer).contradictions
    except ValidationError:
        return None
    faults: dict[int, list[str]] = {}
    for each in found:
        said = each.contradiction.strip()
        if said and 1 <= each.block <= blocks:
            faults.setdefault(each.block, []).append(said)
    return dict(sorted(faults.items()))
