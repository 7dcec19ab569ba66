import json
from typing import Any
from uuid import UUID

from services.gateway.webhooks.messages import message_of
from shared.events import BatchesCompleted, BatchesProgress
from shared.vocabulary import BatchCounts, BatchState
from tests.support.builders import BATCH, USER, job_failed, job_requested


def ended(state: BatchState) -> BatchesCompleted:
    return BatchesCompleted(
        event_id=UUID(int=1),
        batch_id=BATCH,
        user_id=USER,
        state=state,
        counts=BatchCounts(total=1, completed=1),
        seconds=1.23456,
    )


def standing(**changes: Any) -> BatchesProgress:
    values: dict[str, Any] = {
        "batch_id": BATCH,
        "user_id": USER,
        "seq": 1,
        "state": BatchState.PAUSED,
        "counts": BatchCounts(total=1, queued=1),
    }
    return BatchesProgress(**values | changes)


def test_each_ending_has_a_type_of_its_own() -> None:
    types = [
        message.type
        for state in ("completed", "completed_with_errors", "failed", "cancelled")
        if (message := message_of(ended(BatchState(state))))
    ]

    assert types == [
        "batch.completed",
        "batch.completed_with_errors",
        "batch.failed",
        "batch.cancelled",
    ]


def test_the_body_says_what_when_and_of_which_batch() -> None:
    message = message_of(ended(BatchState.COMPLETED))

    assert message is not None
    body = json.loads(message.body)
    assert body["type"] == "batch.completed"
    assert body["timestamp"].endswith("Z")
    assert (body["data"]["batch_id"], body["data"]["counts"]["completed"]) == (str(BATCH), 1)


def test_a_job_that_was_cancelled_has_not_failed() -> None:
    assert message_of(job_failed(code="cancelled")) is None
    failed = message_of(job_failed())
    assert failed is not None
    assert (failed.type, failed.is_shown) == ("job.failed", False)


def test_a_budget_that_is_used_up_is_told_once_for_each_amount() -> None:
    told = [
        message_of(standing(paused_because="budget", budget_usd=budget, seq=seq))
        for seq, budget in enumerate((5.0, 5.0, 9.0))
    ]

    first, again, raised = (message for message in told if message)
    assert (first.type, first.is_shown, first.user_id) == ("batch.budget_reached", True, USER)
    assert (first.data["batch_id"], first.data["budget_usd"]) == (str(BATCH), 5.0)
    assert first.origin == again.origin != raised.origin
    assert message_of(standing(paused_because="user", budget_usd=5.0)) is None
    assert message_of(standing()) is None


def test_other_events_are_nothing_to_tell() -> None:
    assert message_of(job_requested()) is None
