"""How many replicas each service should have, and the arithmetic that says so.

The same as KEDA's, whose objects have their thresholds and limits from PLANS: so many replicas
that what waits is done within an acceptable time. A contract test holds the two together.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Fewer measurements say less than what was planned with.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What a service was planned with.

    Attributes:
        at_once: Records that one replica works on at once.
        seconds: What a record takes.
        wait_seconds: How long a record may wait.
        most: Replicas; more would wait for the providers' quotas, or have no partition.
    """

    at_once: int
    seconds: float
    wait_seconds: int
    most: int

    def threshold(self, seconds: float | None = None) -> float:
        """Return how many waiting records are worth one replica."""
        return self.at_once * self.wait_seconds / (seconds or self.seconds)


PLANS = {
    "scripter": Plan(at_once=64, seconds=20, wait_seconds=300, most=6),
    "adapter": Plan(at_once=72, seconds=15, wait_seconds=300, most=6),
    "narrator": Plan(at_once=8, seconds=15, wait_seconds=300, most=24),
    "aggregator": Plan(at_once=1, seconds=0.005, wait_seconds=100, most=2),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a service, and what follows.

    Attributes:
        behind: Records that are not settled yet.
        rate: Records settled a second, of the last minutes.
        seconds: What a record took lately; None where too few were handled to say.
        threshold: Records that wait, for which there should be one replica.
        because: The arithmetic in words.
    """

    service: str
    replicas: int
    behind: int
    in_flight: int
    rate: float
    seconds: float | None
    threshold: float
    suggested_replicas: int
    because: str


def hint(service: str, behind: int, processes: Sequence[Any]) -> Hint:
    """Return what there is to say of a service.

    Args:
        service: One of PLANS.
        behind: Records that it has not settled yet.
        processes: Those that run, with what they did in the last minutes.
    """
    plan = PLANS[service]
    figures = [each.figures for each in processes]
    handled = sum(each.handled for each in figures)
    busy = sum(each.busy_seconds for each in figures)
    measured = busy / handled if handled >= ENOUGH and busy else None
    threshold = plan.threshold(measured)
    wanted = behind / threshold
    suggested = min(max(1, math.ceil(wanted)), plan.most)
    return Hint(
        service=service,
        replicas=len(processes),
        behind=behind,
        in_flight=sum(each.in_flight for each in figures),
        rate=sum(each.handled / each.over_seconds for each in figures if each.over_seconds),
        seconds=measured,
        threshold=threshold,
        suggested_replicas=suggested,
        because=_because(plan, behind, measured, suggested),
    )


def _because(plan: Plan, behind: int, measured: float | None, suggested: int) -> str:
    threshold = plan.threshold(measured)
    source = "measured" if measured else "planned"
    said = (
        f"{plan.at_once} at once x {plan.wait_seconds} s of acceptable wait / "
        f"{measured or plan.seconds:.3g} s each ({source}) = {threshold:.0f} records a replica; "
        f"{behind} wait / {threshold:.0f} = {behind / threshold:.2f}, so {suggested} "
        f"within 1 and {plan.most}"
    )
    if suggested == plan.most and behind > threshold * plan.most:
        said += ": more would wait for the providers' quotas, or have no partition"
    return said
