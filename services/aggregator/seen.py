"""What a run of a job has had, and the state that follows from it. Pure."""

from enum import IntFlag

from shared.vocabulary import JobState


class Seen(IntFlag):
    """The kinds of events that a job's run has had."""

    REQUESTED = 1
    GENERATED = 2
    ADAPTED = 4
    SPOKEN = 8
    FAILED = 16
    REVIEWED = 32
    CANCELLED = 64
    # Cancelled before it was released: until something happens to it after all.
    WITHDRAWN = 128


# The one that is furthest on decides.
STATES = (
    (Seen.SPOKEN, JobState.COMPLETED),
    (Seen.CANCELLED, JobState.CANCELLED),
    (Seen.FAILED, JobState.FAILED),
    (Seen.ADAPTED, JobState.NARRATING),
    (Seen.REVIEWED, JobState.AWAITING_REVIEW),
    (Seen.GENERATED, JobState.ADAPTING),
    (Seen.REQUESTED, JobState.SCRIPTING),
)
