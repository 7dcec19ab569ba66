"""A ledger whose time stands still until it is told."""

from uuid import uuid4

from shared.quota import Answer, Limits, classify, parse
from shared.quota.circuits import SERVED, change
from shared.quota.keys import Key
from shared.quota.ledger import Candidate, Granted, Ledger, Postponed, Refused

MODEL = "flash"
ALPHA, BETA = parse("alpha:one,beta:two")


class Clock:
    def __init__(self) -> None:
        self.now = 1_784_000_000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A ledger whose time stands still until it is told."""

    def __init__(self, redis_url: str, provider: str | None = None) -> None:
        self.clock = Clock()
        self.redis_url = redis_url
        self.provider = provider or uuid4().hex
        self.ledger = Ledger(self.provider, redis_url=redis_url, lease_seconds=30, clock=self.clock)
        self.limits = Limits()

    async def take(
        self, *keys: Key, tokens: int = 0, lease: str | None = None
    ) -> Granted | Postponed | Refused:
        candidates = [Candidate(key, self.limits) for key in keys or (ALPHA,)]
        name = lease or uuid4().hex
        return await self.ledger.acquire(name, candidates, model=MODEL, tokens=tokens, longest=60)

    async def call(self, answer: Answer | None, key: Key = ALPHA) -> None:
        """Take a lease and give it back with what was answered."""
        lease = uuid4().hex
        assert isinstance(await self.take(key, lease=lease), Granted)
        told = SERVED if answer is None else change(classify(answer))
        await self.ledger.settle(lease, key, model=MODEL, change=told)
