from services.aggregator.throughput import WINDOW_SECONDS, Pace, Throughput
from tests.support.builders import BATCH


def test_says_nothing_until_there_is_something_to_go_by() -> None:
    throughput = Throughput()

    first = throughput.pace(BATCH, at=0, ended=5, total=100)
    too_soon = throughput.pace(BATCH, at=1, ended=15, total=100)
    too_few = throughput.pace(BATCH, at=10, ended=7, total=100)

    assert first == too_soon == too_few == Pace()


def test_what_remains_takes_as_long_as_what_was_done() -> None:
    throughput = Throughput()
    throughput.pace(BATCH, at=0, ended=0, total=100)

    pace = throughput.pace(BATCH, at=60, ended=25, total=100)

    assert (pace.jobs_per_minute, pace.remaining_seconds) == (25.0, 180.0)


def test_only_the_last_minutes_count() -> None:
    throughput = Throughput()
    throughput.pace(BATCH, at=0, ended=0, total=1_000)
    throughput.pace(BATCH, at=1_000, ended=10, total=1_000)

    pace = throughput.pace(BATCH, at=1_000 + WINDOW_SECONDS, ended=190, total=1_000)

    assert pace.jobs_per_minute == 60.0


def test_nothing_remains_of_what_has_ended() -> None:
    throughput = Throughput()
    throughput.pace(BATCH, at=0, ended=0, total=10)

    assert throughput.pace(BATCH, at=60, ended=10, total=10) == Pace(10.0, 0.0)
