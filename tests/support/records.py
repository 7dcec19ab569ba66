"""Kafka records as a consumer would hand them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.events import Event


@dataclass
class Record:
    topic: str
    value: bytes | None
    partition: int = 0
    offset: int = 0
    headers: Sequence[tuple[str, bytes | None]] = ()
    key: bytes | None = None
    timestamp: int = 1_767_225_600_000


def record(event: Event, *, partition: int = 0, offset: int = 0) -> Record:
    body = event.model_dump_json(exclude_none=True).encode()
    return Record(event.topic.name, body, partition, offset, key=event.key)


def log_of(events: Iterable[Event], *, partition: int = 0, first: int = 0) -> list[Record]:
    """Return records with ascending offsets, those of each topic counted on their own."""
    next_offsets: dict[str, int] = {}
    records: list[Record] = []
    for event in events:
        offset = next_offsets.get(event.topic.name, first)
        records.append(record(event, partition=partition, offset=offset))
        next_offsets[event.topic.name] = offset + 1
    return records
