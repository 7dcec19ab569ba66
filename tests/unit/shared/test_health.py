import pytest

from shared.runtime.health import Health


async def yes() -> bool:
    return True


async def no() -> bool:
    raise OSError("refused")


def test_a_loop_that_stands_still_is_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    health = Health()
    assert health.is_live()

    monkeypatch.setattr("shared.runtime.health.time.monotonic", lambda: health._beat + 60.0)

    assert not health.is_live()


def test_what_consumes_and_died_is_not_live() -> None:
    health = Health()

    health.alive.append(lambda: False)

    assert not health.is_live()


async def test_what_cannot_be_reached_makes_it_not_ready_and_leaves_it_live() -> None:
    health = Health()
    health.started = True
    health.ready += [yes, no]

    assert not await health.is_ready()
    assert health.is_live()


async def test_a_stage_that_stopped_is_not_ready_and_says_why() -> None:
    health = Health()
    health.started = True
    health.ready.append(yes)
    assert await health.is_ready()

    health.troubles.append(lambda: "20 of the last 25 records failed")

    assert health.trouble() == "20 of the last 25 records failed"
    assert not await health.is_ready()
    assert health.is_live()
