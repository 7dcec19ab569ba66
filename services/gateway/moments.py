"""Moments as they may come in: dates with a time and a place, and no numbers."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _written_out(value: Any) -> Any:
    # Pydantic reads a bare number as seconds, or as milliseconds, whichever seems likelier.
    bare = isinstance(value, str) and value.strip().lstrip("+-").replace(".", "", 1).isdigit()
    if bare or isinstance(value, int | float):
        raise ValueError("write it out as RFC 3339 does: 2026-11-20T12:00:00Z")
    return value


def _of_our_time(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("give a moment between the years 2000 and 2200")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_of_our_time)]
