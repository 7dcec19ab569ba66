from collections.abc import Awaitable, Callable

import pytest

from shared.errors import (
    PermanentError,
    RateLimitedError,
    RefusedError,
    TransientError,
    UnavailableError,
)
from shared.quota import last_try
from shared.runtime import retry
from shared.runtime.retry import Attempts


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("asyncio.sleep", sleep)
    return waited


def failing(*errors: Exception) -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


async def test_what_may_heal_is_tried_again(waits: list[float]) -> None:
    attempts = Attempts(3)

    assert await attempts.run(failing(TransientError("503"), TransientError("503"))) == "done"
    assert len(waits) == 2
    assert waits[0] < waits[1] * 2


async def test_the_last_try_decides(waits: list[float]) -> None:
    attempts = Attempts(3)

    with pytest.raises(TransientError):
        await attempts.run(failing(*[TransientError("503")] * 3))

    assert attempts.failed == 3


async def test_the_provider_says_how_long_to_wait(waits: list[float]) -> None:
    await Attempts(1).run(failing(RateLimitedError("429", retry_after=34.0)))

    assert 34.0 <= waits[0] <= 35.0


async def test_a_provider_that_is_overloaded_is_left_alone_for_longer_each_time(
    waits: list[float],
) -> None:
    attempts = Attempts(4)

    await attempts.run(failing(*[TransientError("503", retry_after=10.0)] * 3))

    assert attempts.failed == 3
    assert [low <= wait <= 1.5 * low for wait, low in zip(waits, (10, 20, 30), strict=True)] == [
        True
    ] * 3


async def test_waiting_for_a_quota_uses_up_no_attempt(waits: list[float]) -> None:
    attempts = Attempts(1)

    await attempts.run(failing(*[RateLimitedError("429", retry_after=1.0)] * 50))

    assert attempts.failed == 0


async def test_an_outage_of_our_own_is_waited_for_without_limit(waits: list[float]) -> None:
    attempts = Attempts(1)

    await attempts.run(failing(*[UnavailableError("no broker")] * 500))

    assert attempts.failed == 0
    assert max(waits) <= retry.LONGEST_SECONDS


@pytest.mark.parametrize("error", [PermanentError("no"), RefusedError("no"), ZeroDivisionError()])
async def test_what_cannot_heal_is_not_tried_again(waits: list[float], error: Exception) -> None:
    with pytest.raises(type(error)):
        await Attempts(3).run(failing(error))

    assert waits == []


async def test_work_knows_its_last_try(waits: list[float]) -> None:
    known: list[bool] = []
    attempt = failing(TransientError("away"), RateLimitedError("later", retry_after=1))

    async def work() -> str:
        known.append(last_try.get())
        return await attempt()

    await Attempts(2).run(work)

    assert known == [False, True, True]
