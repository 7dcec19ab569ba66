"""What a stage says of a job that it does not go on with."""

from datetime import UTC, datetime, timedelta
from typing import cast

from shared.errors import StoppedError
from shared.events import JobEvent, JobsFailed, JobsParked
from shared.runtime.retry import Attempts
from shared.vocabulary import ParkReason, Resume


def answer(
    stage: str, event: JobEvent, stopped: StoppedError, attempts: Attempts
) -> JobsFailed | JobsParked:
    """Return that a job was cancelled, or that it is given back and how it is resumed."""
    if stopped.why == "cancelled":
        return JobsFailed(
            **event.leads_to(f"{stage}.cancelled"),
            stage=stage,
            code="cancelled",
            reason=str(stopped),
            attempts=max(1, attempts.failed),
        )
    parking = event.parking + 1
    resumed = event.model_copy(update={"parking": parking, "failed_tries": attempts.failed})
    return JobsParked(
        **event.leads_to(f"{stage}.parked/{parking}") | {"parking": parking},
        stage=stage,
        reason=cast(ParkReason, stopped.why),
        not_before=_in(stopped.wait_seconds),
        detail=str(stopped),
        resume=Resume(
            topic=event.topic.name, event=resumed.model_dump(mode="json", exclude_none=True)
        ),
    )


def _in(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.now(UTC) + timedelta(seconds=seconds)
