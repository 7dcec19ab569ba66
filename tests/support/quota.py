"""A ledger in memory: circuits that stay shut, and no rates."""

import time
from collections.abc import Sequence
from typing import Any, cast

from shared import quota
from shared.quota import Pool, Settings
from shared.quota.circuits import Change
from shared.quota.keys import Key
from shared.quota.ledger import Candidate, Granted, Postponed, Refused


class FakeLedger:
    """What `Ledger` does, for one process and without half-open circuits or limits."""

    def __init__(self, provider: str = "", **_: object) -> None:
        self.shut: dict[str, tuple[float, str, bool]] = {}
        self.acquired: list[Key] = []
        self.settled: list[Change] = []
        self.sealed: dict[str, str] = {}

    async def acquire(
        self,
        lease: str,
        candidates: Sequence[Candidate],
        *,
        model: str,
        tokens: int,
        longest: float,
    ) -> Granted | Postponed | Refused:
        refused, postponed = "", []
        for candidate in candidates:
            shut = self._shut(candidate.key, model)
            if not shut:
                self.acquired.append(candidate.key)
                return Granted(0.0, candidate)
            until, reason, refuses = max(shut, key=lambda each: (each[2], each[0]))
            if refuses:
                refused = reason
            else:
                postponed.append((until, reason))
        if not postponed:
            return Refused(refused)
        until, reason = min(postponed)
        return Postponed(until - time.monotonic(), reason)

    async def settle(self, lease: str, key: Key, *, model: str, change: Change) -> list[float]:
        self.settled.append(change)
        for name, step in zip(_circuits(key, model), change.steps, strict=True):
            if step.what == "trip":
                until = time.monotonic() + step.seconds
                self.shut[name] = (until, change.reason, change.refuses)
        return [0.0] * len(change.steps)

    async def renew(self, leases: Sequence[tuple[str, str, Key]]) -> None:
        pass

    async def stored(self, name: str) -> dict[str, str]:
        return self.sealed

    async def aclose(self) -> None:
        pass

    def _shut(self, key: Key, model: str) -> list[tuple[float, str, bool]]:
        now = time.monotonic()
        found = [self.shut[name] for name in _circuits(key, model) if name in self.shut]
        return [each for each in found if each[0] > now]


def pool_of(
    ledger: FakeLedger, keys: str = "alpha:one,beta:two", stored: Any = None, **settings: Any
) -> Pool:
    given = Settings(**{"quota_longest_wait_seconds": 5, **settings})
    return Pool("gemini", quota.parse(keys), cast(Any, ledger), given, stored)


def _circuits(key: Key, model: str) -> tuple[str, ...]:
    project = f"project {key.project}"
    return ("provider", f"model {model}", project, f"{project} {model}", f"key {key.id}")
