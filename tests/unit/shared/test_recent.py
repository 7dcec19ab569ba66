import pytest

from shared.telemetry.recent import SECONDS, Recent


def test_counts_what_was_done_in_the_last_minutes() -> None:
    recent = Recent(began=0.0)
    recent.handled(2, 3.0, now=30.0)
    recent.handled(1, 0.5, now=100.0)

    figures = recent.figures(now=120.0)

    assert (figures.handled, figures.busy_seconds, figures.over_seconds) == (3, 3.5, 120.0)


def test_forgets_what_is_longer_ago() -> None:
    recent = Recent(began=0.0)
    recent.handled(2, 3.0, now=30.0)
    recent.handled(1, 0.5, now=400.0)

    figures = recent.figures(now=420.0)

    assert (figures.handled, figures.busy_seconds, figures.over_seconds) == (1, 0.5, SECONDS)


def test_a_record_is_in_hand_until_it_ends_in_whatever_way() -> None:
    recent = Recent()

    def fails() -> None:
        with recent.record():
            in_hand.append(recent.figures().in_flight)
            raise ValueError("bad")

    in_hand: list[int] = []
    with pytest.raises(ValueError, match="bad"):
        fails()

    assert in_hand == [1]
    assert (recent.figures().in_flight, recent.figures().handled) == (0, 1)
