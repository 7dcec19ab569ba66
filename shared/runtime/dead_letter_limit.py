"""Stops a stage before nearly everything it takes ends in the dead letters.

A bad deployment, a revoked key or a changed provider fails every job alike. Without a limit
the whole log would be read, failed and put aside within minutes. With it, the stage keeps
what it holds, takes nothing more, says why, and waits to be restarted.
"""

import logging
from collections import deque
from dataclasses import dataclass, field
from uuid import UUID

from shared.errors import InvalidEventError, InvalidRequestError, PermanentError, PipelineError
from shared.events import Event, JobEvent

log = logging.getLogger(__name__)

# What the record itself is to blame for: others' mistakes must not stop everybody.
OTHERS_FAULT = (InvalidEventError, InvalidRequestError)

STOPPED = (
    "STOPPED: %s; nothing is lost and nothing more is taken; put right what is wrong (roll back, "
    "renew the key), restart this stage, then send again what was put aside: "
    "bolt dead redrive --service %s"
)


class StageStoppedError(Exception):
    """The stage takes nothing more; the record in hand is to be kept."""


@dataclass(slots=True)
class DeadLetterLimit:
    """The last ends of a stage's records.

    Attributes:
        service: Whose they are.
        most: Suspicious failures among the last `of` at which the stage stops; 0: never.
        of: How many ends are looked at.
        stopped: Why the stage has stopped, once it has.
    """

    service: str = ""
    most: int = 20
    of: int = 25
    stopped: str | None = None
    _ends: deque[tuple[bool, UUID | None] | None] = field(default_factory=deque)

    def check(self) -> None:
        """Let a record in.

        Raises:
            StageStoppedError: the stage has stopped.
        """
        if self.stopped:
            raise StageStoppedError(self.stopped)

    def succeeded(self) -> None:
        """Count a record that ended well."""
        self._add(None)

    def failed(self, error: BaseException, event: Event | None) -> None:
        """Count a record that is about to be put aside.

        Raises:
            StageStoppedError: it is to be kept instead.
        """
        if not _suspicious(error):
            return
        self.check()
        batch_id = event.batch_id if isinstance(event, JobEvent) else None
        self._add((not isinstance(error, PipelineError), batch_id))
        if self.most and self._failures() >= self.most:
            self.stopped = (
                f"{self._failures()} of the last {len(self._ends)} records failed, "
                f"this one with {type(error).__name__}: {error}"
            )
            log.critical(STOPPED, self.stopped, self.service)
            raise StageStoppedError(self.stopped)

    def _failures(self) -> int:
        failures = [end for end in self._ends if end]
        bugs = sum(bug for bug, _ in failures)
        # One batch that providers refuse is that batch's own affair.
        several = len({batch_id for bug, batch_id in failures if not bug}) > 1
        return len(failures) if several else bugs

    def _add(self, end: tuple[bool, UUID | None] | None) -> None:
        self._ends.append(end)
        while len(self._ends) > self.of:
            self._ends.popleft()


def _suspicious(error: BaseException) -> bool:
    if not isinstance(error, PipelineError):
        return True
    return isinstance(error, PermanentError) and not isinstance(error, OTHERS_FAULT)
