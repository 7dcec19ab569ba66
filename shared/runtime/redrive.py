"""What is published when a dead letter is sent again."""

from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5

from aiokafka import ConsumerRecord
from pydantic_core import from_json, to_json

from shared.runtime.envelope import REDRIVE_FOR, REDRIVE_NUMBER, STRUCTURED, readable


class Redrive(Protocol):
    """One sending again.

    Attributes:
        letter_id: The dead letter.
        number: The how many-th time it is.
        from_topic: Where the record was.
        service: Who failed, and is to try again.
        event_id: Of the event, where the record could be read; `job_id` likewise.
        run: The run that the job begins, where it is to begin one.
        requested_at: When it was asked for.
    """

    @property
    def letter_id(self) -> UUID: ...  # noqa: D102 - above
    @property
    def number(self) -> int: ...  # noqa: D102 - as above
    @property
    def from_topic(self) -> str: ...  # noqa: D102 - as above
    @property
    def service(self) -> str: ...  # noqa: D102 - as above
    @property
    def event_id(self) -> UUID | None: ...  # noqa: D102 - as above
    @property
    def job_id(self) -> UUID | None: ...  # noqa: D102 - as above
    @property
    def run(self) -> int | None: ...  # noqa: D102 - as above
    @property
    def requested_at(self) -> datetime: ...  # noqa: D102 - as above


def headers_again(letter: ConsumerRecord, redrive: Redrive) -> dict[str, str]:
    """Return the record's own headers, and whom it is for."""
    own = {k: v for k, v in readable(letter.headers).items() if not k.startswith("dead_")}
    if _begins_a_run(redrive) and "ce_id" in own:
        own["ce_id"] = str(_event_id(redrive))
    return own | {REDRIVE_FOR: redrive.service, REDRIVE_NUMBER: str(redrive.number)}


def body_again(value: bytes, headers: dict[str, str], redrive: Redrive) -> bytes:
    """Return what the record says, as the beginning of a new run where it is about a job."""
    if not _begins_a_run(redrive):
        return value
    body = from_json(value)
    structured = headers.get("content-type", "").startswith(STRUCTURED)
    event = body["data"] if structured else body
    # Ids that were derived from where the record lay would be others where it lies next.
    event |= {
        "event_id": str(_event_id(redrive)),
        "caused_by": None if redrive.event_id is None else str(redrive.event_id),
        "job_id": str(redrive.job_id),
        "occurred_at": redrive.requested_at.isoformat(),
        "run": redrive.run,
        "parking": 0,
        "failed_tries": 0,
    }
    return to_json(body)


def _begins_a_run(redrive: Redrive) -> bool:
    return redrive.run is not None and redrive.job_id is not None


def _event_id(redrive: Redrive) -> UUID:
    return uuid5(redrive.event_id or redrive.letter_id, f"run {redrive.run}")
