from datetime import UTC, datetime, timedelta

import pytest

from services.aggregator.housekeeping import Housekeeper
from shared.events import JobsProgress
from tests.support.aggregator import Aggregator
from tests.support.builders import JOB
from tests.support.records import log_of

pytestmark = pytest.mark.connected


async def test_old_lines_go_and_new_ones_stay(aggregator: Aggregator) -> None:
    now = datetime.now(UTC)
    told = [
        JobsProgress(job_id=JOB, stage="scripter", message=f"{days} days ago", occurred_at=at)
        for days, at in ((days, now - timedelta(days=days)) for days in (1, 13, 15, 400))
    ]
    await aggregator.fold(log_of(told))

    more = await Housekeeper(aggregator.database, job_log_days=14).round()

    lines = await aggregator.rows("SELECT message FROM job_log ORDER BY at DESC")
    assert [line["message"] for line in lines] == ["1 days ago", "13 days ago"]
    assert not more
