import json
from uuid import UUID

from services.gateway.webhooks.messages import message_of
from shared.events import BatchesCompleted
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


def test_other_events_are_nothing_to_tell() -> None:
    assert message_of(job_requested()) is None
