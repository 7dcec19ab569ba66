"""From a dead letter to its row. It never fails: what cannot be read is left out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.runtime.envelope import readable
from shared.topics import DEAD_LETTERS

T = TypeVar("T")

TOPICS = frozenset(topic.name for topic in DEAD_LETTERS)
MOST_BIGINT = 2**63 - 1
MOST_INTEGER = 2**31 - 1
TEXT_CHARACTERS = 2_000


def row_of(record: Any) -> dict[str, Any]:
    """Return the row of a record of a dead letter topic."""
    said = readable(record.headers)
    dead_at = _read(said, "dead_at", _moment) or _millis(str(record.timestamp))
    where = f"{record.topic}/{record.partition}/{record.offset}"
    return {
        # A topic that was made anew has other letters at the same places.
        "letter_id": uuid5(NAMESPACE_URL, f"{where}/{dead_at.isoformat()}"),
        "topic": record.topic,
        "partition": record.partition,
        "at_offset": record.offset,
        "from_topic": _text(said, "dead_topic") or record.topic,
        "from_partition": _read(said, "dead_partition", _integer),
        "from_offset": _read(said, "dead_offset", _bigint),
        "from_at": _read(said, "dead_timestamp", _millis),
        "service": _text(said, "dead_service"),
        "version": _text(said, "dead_version"),
        "kind": _text(said, "dead_kind"),
        "error": _text(said, "dead_error"),
        "code": _text(said, "dead_code"),
        "reason": _text(said, "dead_reason"),
        "attempts": _read(said, "dead_attempts", _integer) or 1,
        "first_at": _read(said, "dead_first_at", _moment),
        "dead_at": dead_at,
        **{name: _read(said, f"dead_{name}", UUID) for name in _IDS},
        "run": _read(said, "dead_run", _integer) or 1,
        "redrives": _read(said, "dead_redrives", _integer) or 0,
        "bytes": len(record.value or b""),
        "elsewhere": "dead_value" in said,
    }


_IDS = ("event_id", "job_id", "batch_id", "user_id")


def _text(said: dict[str, str], name: str) -> str:
    return said.get(name, "")[:TEXT_CHARACTERS]


def _read(said: dict[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    try:
        return parse(said[name])
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _integer(text: str) -> int:
    return max(0, min(int(text), MOST_INTEGER))


def _bigint(text: str) -> int:
    return max(0, min(int(text), MOST_BIGINT))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _millis(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1_000, UTC)
