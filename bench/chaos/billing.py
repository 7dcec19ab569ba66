"""Which calls were paid for twice, and which of those nobody could have prevented. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Call = Mapping[str, Any]

# From the answer of a call to its result in the store, when everything is well.
STORING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Bill:
    """What was paid.

    Attributes:
        billable: Calls that cost something.
        unusable: Of these, answers that a fault had spoilt: asking again is right.
        repeated: Good answers to a question that had been answered well before.
        in_flight: Of these, those whose first answer met a killed or frozen process.
    """

    billable: int
    unusable: int
    repeated: int
    in_flight: int

    @property
    def repeated_percent(self) -> float:
        """Return what was paid twice, of all that was paid."""
        return 100 * self.repeated / self.billable if self.billable else 0.0


def bill(calls: Iterable[Call], outages: Sequence[tuple[float, float]]) -> Bill:
    """Add up a call log.

    Args:
        calls: As the emulators wrote them down, with wall-clock times.
        outages: From when to when a process was away.
    """
    paid = [call for call in calls if call["billable"]]
    good: dict[str, list[Call]] = defaultdict(list)
    for call in paid:
        if not call["fault"]:
            good[call["fingerprint"]].append(call)
    again = [(first, each) for first, *others in good.values() for each in others]
    return Bill(
        billable=len(paid),
        unusable=sum(bool(call["fault"]) for call in paid),
        repeated=len(again),
        in_flight=sum(_met(first, outages) for first, _ in again),
    )


def _met(call: Call, outages: Sequence[tuple[float, float]]) -> bool:
    if not call["delivered"]:
        return True
    began, ended = call["at"], call["at"] + call["seconds"] + STORING_SECONDS
    return any(began <= until and at <= ended for at, until in outages)
