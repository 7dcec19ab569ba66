from uuid import UUID, uuid4

import pytest

from shared.errors import (
    InvalidEventError,
    InvalidRequestError,
    PermanentError,
    RefusedError,
    TransientError,
)
from shared.runtime.dead_letter_limit import DeadLetterLimit, StageStoppedError, log
from tests.support.builders import script_adapted


def fail(limit: DeadLetterLimit, error: Exception, times: int, batch: UUID | None = None) -> None:
    for _ in range(times):
        limit.failed(error, script_adapted(batch_id=batch or uuid4()))


@pytest.mark.parametrize("error", [KeyError("a bug"), RefusedError("the key was revoked")])
def test_stops_before_nearly_everything_is_put_aside(error: Exception) -> None:
    limit = DeadLetterLimit("narrator", most=20, of=25)
    fail(limit, error, 19)

    with pytest.raises(StageStoppedError, match="20 of the last 20 records failed"):
        fail(limit, error, 1)

    assert limit.stopped is not None
    with pytest.raises(StageStoppedError):
        limit.check()


def test_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(log, "critical", lambda line, *values: said.append(line % values))
    limit = DeadLetterLimit("narrator", most=1)

    with pytest.raises(StageStoppedError):
        fail(limit, KeyError("a bug"), 1)

    assert "bolt dead redrive --service narrator" in said[0]


def test_failures_among_successes_stop_nothing() -> None:
    limit = DeadLetterLimit("narrator", most=20, of=25)

    for _ in range(100):
        fail(limit, KeyError("a bug"), 2)
        limit.succeeded()

    assert limit.stopped is None


def test_one_batch_that_is_refused_is_its_own_affair() -> None:
    limit = DeadLetterLimit("narrator", most=20, of=25)

    fail(limit, RefusedError("not this text"), 100, batch=uuid4())

    assert limit.stopped is None


def test_a_bug_stops_the_stage_also_in_one_batch() -> None:
    limit = DeadLetterLimit("narrator", most=20, of=25)

    with pytest.raises(StageStoppedError):
        fail(limit, KeyError("a bug"), 20, batch=uuid4())


@pytest.mark.parametrize(
    "error", [InvalidEventError("no"), InvalidRequestError("no"), TransientError("503")]
)
def test_what_the_record_or_the_weather_is_to_blame_for_does_not_count(error: Exception) -> None:
    limit = DeadLetterLimit("narrator", most=2, of=25)

    fail(limit, error, 100)

    assert limit.stopped is None


def test_after_it_stopped_other_failures_are_kept_too() -> None:
    limit = DeadLetterLimit("narrator", most=1)
    with pytest.raises(StageStoppedError):
        fail(limit, KeyError("a bug"), 1)

    with pytest.raises(StageStoppedError):
        fail(limit, PermanentError("no"), 1)


def test_can_be_switched_off() -> None:
    limit = DeadLetterLimit("narrator", most=0)

    fail(limit, KeyError("a bug"), 100)

    assert limit.stopped is None
