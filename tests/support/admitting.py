"""What decides who comes in, over people in memory."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from services.gateway import rate_limits
from services.gateway.admission import Admission
from services.gateway.identity import Identity
from services.gateway.rate_limits import Limit, RateLimits, Verdict
from services.gateway.settings import Settings
from services.gateway.sign_in import SignIn
from services.gateway.tokens import Tokens
from tests.support.people import FakeApiKeys, FakeAudit, FakePeople, FakeSessions


@dataclass
class FakeCounter:
    """Counts, and never forgets by itself."""

    counts: dict[str, int] = field(default_factory=dict)
    error: Exception | None = None

    async def take(self, key: str, limit: Limit) -> Verdict:
        if self.error:
            raise self.error
        self.counts[key] = self.counts.get(key, 0) + 1
        return Verdict(limit.count - self.counts[key], 7.5)

    async def forget(self, key: str) -> None:
        self.counts.pop(key, None)


class FakePasswords:
    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def matches(self, password: str, stored: str | None) -> bool:
        return stored == f"hash of {password}"


def admission(
    people: FakePeople, tokens: Tokens, counter: FakeCounter, settings: Settings
) -> Admission:
    sessions, keys = cast(Any, FakeSessions(people)), cast(Any, FakeApiKeys(people))
    identity = Identity(tokens, sessions, keys)
    limits = RateLimits(rate_limits.parse(settings.rate_limits), counter)
    passwords, audit = cast(Any, FakePasswords()), FakeAudit(people)
    return Admission(
        users=cast(Any, people),
        accounts=cast(Any, people),
        sessions=sessions,
        api_keys=keys,
        audit=cast(Any, audit),
        passwords=passwords,
        identity=identity,
        sign_in=SignIn(
            users=people,
            passwords=passwords,
            sessions=sessions,
            tokens=tokens,
            identity=identity,
            limits=limits,
            audit=audit,
            lifetime=timedelta(days=settings.session_days),
        ),
        limits=limits,
    )
