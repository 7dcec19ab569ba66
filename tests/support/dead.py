"""Dead letters as services write them."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.events import Event
from shared.runtime.dead_letters import Failure, dead_headers
from shared.topics import dead_letter_name
from tests.support.records import Record, record


def dead_letter(
    event: Event,
    error: BaseException,
    *,
    service: str = "narrator",
    offset: int = 0,
    said: Mapping[str, str] = MappingProxyType({}),
) -> Record:
    """Return the record that `service` leaves of `event`."""
    source = record(event, partition=2, offset=offset)
    headers = dead_headers(source, Failure(error=error, event=event), service) | dict(said)
    return Record(
        dead_letter_name(source.topic, service),
        source.value,
        partition=1,
        offset=offset,
        headers=[(name, value.encode()) for name, value in headers.items()],
        key=source.key,
    )
