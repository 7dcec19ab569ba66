from datetime import timedelta

from services.gateway.webhooks.schedule import PAUSES, pause_after


def test_pauses_grow_over_days_and_then_end() -> None:
    pauses = [pause_after(tries, chance=0.0) for tries in range(1, len(PAUSES) + 2)]

    assert pauses[0] == timedelta(seconds=5)
    assert pauses[:-1] == sorted(PAUSES)
    assert sum(PAUSES, timedelta()) > timedelta(days=3)
    assert pauses[-1] is None


def test_what_failed_together_is_not_sent_together_again() -> None:
    assert pause_after(2, chance=1.0) == timedelta(seconds=72)
