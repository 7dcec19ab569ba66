"""Every error the pipeline raises on purpose.

* PipelineError
  x TransientError         the world may heal: try again, a bounded number of times
    - RateLimitedError     ... but not before `retry_after`
    - UnavailableError     our own infrastructure is away: wait as long as it takes
    - TimedOutError        a provider needs longer than it was given: ask for less at once
    - BrokenError          a provider broke over it: what is shorter may pass, at the last
  x PermanentError         the same input will fail the same way: dead-letter it
    - InvalidEventError    the message is not the event it claims to be
    - InvalidRequestError  the event is well formed, and asks for what cannot be
    - RefusedError         a provider will not do this (policy, bad voice, bad key)
      - TooLongError       ... because it is too much for one call
    - BadSpeechError       a provider answered, and what it said is not usable
    - WrongLanguageError   a text is not in the language it is for
  x StoppedError           not now: the job is given back, or its user cancelled it

The runtime decides what to do from the class alone. Anything else that escapes
a handler is a bug, and is treated as permanent.
"""


class PipelineError(Exception):
    """Base class: catch it only where nothing finer will do.

    Attributes:
        code: The stable, machine-readable reason a user or a dashboard may group by.
    """

    code = "error"


class TransientError(PipelineError):
    """A dependency failed in a way that may pass: timeout, 5xx, lost connection.

    Attributes:
        retry_after: Seconds before the first new try, where one sooner would be of no use.
    """

    code = "provider_unavailable"

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimitedError(TransientError):
    """A provider asked us to slow down."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        # Seconds. Taken from the provider's answer when it says so.
        self.retry_after: float = retry_after


class UnavailableError(TransientError):
    """Kafka, Redis, PostgreSQL or the object store is away.

    No job is to blame, so waiting does not use up a job's attempts.
    """

    code = "infrastructure_unavailable"


class TimedOutError(TransientError):
    """A provider did not answer in time, also when it was given longer."""


class BrokenError(TransientError):
    """A provider answered that it failed inside."""


class PermanentError(PipelineError):
    """Retrying cannot help."""

    code = "failed"


class InvalidEventError(PermanentError):
    """The bytes on the topic do not parse as the topic's event."""

    code = "invalid_event"


class InvalidRequestError(PermanentError):
    """The event asks for something that does not exist: a language, a voice, an artefact."""

    code = "invalid_request"


class RefusedError(PermanentError):
    """A provider understood the request and said no."""

    code = "refused"


class TooLongError(RefusedError):
    """A provider takes, or writes, less at once."""


class BadSpeechError(PermanentError):
    """The audio a provider returned is empty, silent or undecodable."""

    code = "bad_speech"


class WrongLanguageError(PermanentError):
    """A text is not in the language it is for, also after it was repaired."""

    code = "wrong_language"


class StoppedError(PipelineError):
    """The work is not to go on now, and nobody failed.

    Attributes:
        why: "paused", "cancelled", "waiting" or "budget".
        wait_seconds: After how long it may go on, where that is known.
    """

    code = "stopped"

    def __init__(self, why: str, message: str = "", *, wait_seconds: float | None = None) -> None:
        super().__init__(message or why)
        self.why = why
        self.wait_seconds = wait_seconds
