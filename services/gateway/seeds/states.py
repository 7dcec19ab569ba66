"""States by the names of those days."""

from shared.vocabulary import BatchState, JobState

# `queued, running, completed, failed` of jobs and batches.
JOBS = {
    JobState.QUEUED: "queued",
    JobState.SCRIPTING: "running",
    JobState.ADAPTING: "running",
    JobState.AWAITING_REVIEW: "running",
    JobState.NARRATING: "running",
    JobState.COMPLETED: "completed",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "failed",
}
BATCHES = {
    BatchState.QUEUED: "queued",
    BatchState.RUNNING: "running",
    BatchState.AWAITING_REVIEW: "running",
    BatchState.PAUSED: "paused",
    BatchState.COMPLETED: "completed",
    # Something is there to be taken; `failed_jobs` says what is not.
    BatchState.COMPLETED_WITH_ERRORS: "completed",
    BatchState.FAILED: "failed",
    BatchState.CANCELLED: "failed",
}
# `pending -> processing -> completed` of batches of texts.
_TEXTS = {"queued": "pending", "running": "processing", "paused": "processing"}


def of_texts(state: BatchState) -> str:
    """Return how a batch of texts calls its state."""
    if state is BatchState.CANCELLED:
        return "cancelled"
    return _TEXTS.get(BATCHES[state], BATCHES[state])
