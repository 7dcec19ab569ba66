from datetime import UTC, datetime

import pytest

from shared.providers.llm import _gemini_errors


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 1, 15, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 1, 15, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 7, 15, 6, 0, tzinfo=UTC), 1),
        # The night the clocks go forward has one hour less.
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 23),
    ],
)
def test_the_day_ends_at_midnight_in_california(now: datetime, hours: int) -> None:
    assert _gemini_errors.seconds_to_pacific_midnight(now) == hours * 3600 + 5
