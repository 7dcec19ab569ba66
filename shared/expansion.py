"""From a batch to its jobs: titles, then variations, then targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

from shared.errors import InvalidRequestError
from shared.vocabulary import BatchRequest, Options


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """One title, in one language, by one voice, told one way."""

    job_id: UUID
    position: int
    title: str
    language: str
    voice: str
    variation: int
    aspect: str
    options: Options | None = None
    text: str | None = None


def expand(batch_id: UUID, request: BatchRequest) -> list[PlannedJob]:
    """Return the jobs of a batch. The same request gives the same ids, whoever expands it.

    Raises:
        InvalidRequestError: there would be none.
    """
    jobs = list(_jobs(batch_id, request))
    if not jobs:
        raise InvalidRequestError("request: give at least one title, one target and one variation")
    return jobs


def _jobs(batch_id: UUID, request: BatchRequest) -> Iterator[PlannedJob]:
    for row in request.rows:
        yield PlannedJob(
            uuid5(batch_id, f"row {row.position}"),
            row.position,
            row.title,
            row.language,
            row.voice,
            row.variation,
            row.aspect,
            row.options,
            row.text,
        )
    position = 0
    # The same target twice would be one job with two positions.
    targets = tuple(dict.fromkeys(request.targets))
    variations = {variation.number: variation for variation in request.variations}
    for index, title in enumerate(request.titles):
        for variation in variations.values():
            for target in targets:
                place = f"{index}/{target.language}/{target.voice}/{variation.number}"
                yield PlannedJob(
                    uuid5(batch_id, place),
                    position,
                    title,
                    target.language,
                    target.voice,
                    variation.number,
                    variation.aspect,
                )
                position += 1
