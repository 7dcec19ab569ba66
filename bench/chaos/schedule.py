"""What goes wrong, and when: drawn from a seed. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from deploy.local.service import SERVICES


class Kind(StrEnum):
    """A way to disturb a stack."""

    KILL = "kill -9"
    FREEZE = "SIGSTOP"
    RESTART = "restart"
    EMPTY = "restart without data"
    JOIN = "replica joins"
    LEAVE = "replica leaves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """Something to be done to one process.

    Attributes:
        target: A service, `narrator-2` for another process of it, or a server.
        lasts: For how many seconds it stays away, where it does not come back at once.
    """

    kind: Kind
    target: str
    lasts: float = 0.0


# Once each, when this share of the jobs has ended: however fast the machine is, all of it
# happens in the middle of the work.
MILESTONES: tuple[tuple[float, Disturbance], ...] = (
    (0.05, Disturbance(kind=Kind.JOIN, target="narrator-2")),
    (0.10, Disturbance(kind=Kind.RESTART, target="kafka", lasts=4)),
    (0.15, Disturbance(kind=Kind.FREEZE, target="narrator", lasts=14)),
    (0.25, Disturbance(kind=Kind.RESTART, target="postgres", lasts=4)),
    (0.30, Disturbance(kind=Kind.RESTART, target="valkey", lasts=3)),
    (0.35, Disturbance(kind=Kind.JOIN, target="aggregator-2")),
    (0.40, Disturbance(kind=Kind.LEAVE, target="narrator-2")),
    (0.45, Disturbance(kind=Kind.EMPTY, target="valkey", lasts=1)),
    (0.55, Disturbance(kind=Kind.KILL, target="aggregator-2")),
)


def kills(seed: int) -> Iterator[Disturbance]:
    """Yield services to be killed, for ever: each of them once before any comes twice."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    while True:
        yield from (
            Disturbance(kind=Kind.KILL, target=service)
            for service in chance.sample(SERVICES, len(SERVICES))
        )


def due(done: int, total: int, already: int) -> list[Disturbance]:
    """Return the milestones that were passed since `already` of them were."""
    passed = [each for share, each in MILESTONES if total and done >= share * total]
    return passed[already:]
