"""What a run of a job has had, and the state that follows from it. Pure."""

from shared.vocabulary import JobState


class Seen:
    """The kinds of events that a job's run has had: bits of a number.

    Plain numbers: `IntFlag` makes an object of every result, which is a tenth of a fold's time.
    """

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
# By all that was seen.
_REACHED = tuple(
    next((state for kind, state in STATES if seen & kind), JobState.QUEUED) for seen in range(256)
)


def reached(seen: int) -> JobState:
    """Return the state that follows."""
    return _REACHED[seen]
