from uuid import uuid4

import pytest

from shared.vocabulary import Usage
from tests.support.aggregator import Aggregator
from tests.support.builders import BATCH, JOB, USER, audio_ready, script_adapted, script_generated
from tests.support.records import log_of

pytestmark = pytest.mark.connected


async def test_what_was_spent_is_written_down_once(aggregator: Aggregator) -> None:
    event = script_generated(
        usage=(
            Usage(
                provider="gemini",
                model="gemini-3.8-flash-001",
                domain="project-a",
                calls=3,
                input_tokens=1_000_000,
                output_tokens=100_000,
            ),
        )
    )

    await aggregator.fold(log_of([event]))
    await aggregator.fold(log_of([event, event]))

    [row] = await aggregator.rows("SELECT * FROM usage")
    assert (row["job_id"], row["batch_id"], row["user_id"]) == (JOB, BATCH, USER)
    assert (row["stage"], row["domain"], row["calls"]) == ("scripter", "project-a", 3)
    assert row["cost_usd"] == pytest.approx(0.75 + 0.375)


async def test_what_the_store_gave_costs_nothing(aggregator: Aggregator) -> None:
    events = [
        script_adapted(usage=(Usage(provider="gemini", model="gemini-3.8-flash"),)),
        audio_ready(usage=()),
    ]

    await aggregator.fold(log_of(events))

    assert await aggregator.rows("SELECT * FROM usage") == []


async def test_a_job_without_a_batch_spends_under_its_own(aggregator: Aggregator) -> None:
    event = audio_ready(
        job_id=uuid4(),
        batch_id=None,
        usage=(Usage(provider="google", model="chirp3-hd", calls=2, characters=1_000),),
    )

    await aggregator.fold(log_of([event]))

    [row] = await aggregator.rows(
        "SELECT u.cost_usd, j.batch_id = u.batch_id AS home FROM usage u JOIN jobs j USING (job_id)"
    )
    assert (row["cost_usd"], row["home"]) == (pytest.approx(0.03), True)


@pytest.mark.parametrize("together", [True, False])
async def test_of_an_event_that_two_processes_tell_differently_the_first_is_the_bill(
    aggregator: Aggregator, together: bool
) -> None:
    told = [
        audio_ready(
            event_id=BATCH,
            usage=(Usage(provider="google", model="chirp3-hd", calls=calls),),
        )
        for calls in (1, 2, 3)
    ]

    for portion in [log_of(told)] if together else [[record] for record in log_of(told)]:
        await aggregator.fold(portion)

    [row] = await aggregator.rows("SELECT calls FROM usage")
    assert row["calls"] == 1
    assert (await aggregator.job(JOB))["provider_calls"] == 1
