from typing import Any

from bench.emulators import Kind, Quota
from bench.emulators.quotas import Breach, Domain, Ledger

DOMAIN = Domain("gemini", "alpha", "gemini-3.8-flash")
SLIDING, FIXED = (60.0, "sliding"), (60.0, "fixed")


def admit(ledger: Ledger, quota: Quota, *, at: float, **changes: Any) -> Breach | None:
    asked: dict[str, Any] = {"tokens": 1, "minute": SLIDING} | changes
    breach = ledger.admit(DOMAIN, quota, now=at, **asked)
    if breach is None:
        ledger.release(DOMAIN)
    return breach


def test_any_minute_has_exactly_its_requests() -> None:
    ledger, quota = Ledger(), Quota(rpm=3)

    admitted = [admit(ledger, quota, at=at) is None for at in (0, 20, 40, 59, 60, 61, 80)]

    assert admitted == [True, True, True, False, True, False, True]


def test_a_fixed_minute_begins_on_the_minute() -> None:
    ledger, quota = Ledger(), Quota(rpm=1)

    admitted = [admit(ledger, quota, at=at, minute=FIXED) is None for at in (59, 59.9, 60, 61)]

    assert admitted == [True, False, True, False]


def test_says_how_long_to_wait() -> None:
    ledger, quota = Ledger(), Quota(rpm=1)
    admit(ledger, quota, at=100)

    breach = admit(ledger, quota, at=115)

    assert breach == Breach(Kind.QUOTA_MINUTE, 1, 45, "paid")


def test_tokens_have_a_quota_of_their_own() -> None:
    ledger, quota = Ledger(), Quota(tpm=100)

    kinds = [admit(ledger, quota, at=at, tokens=60) for at in (0, 1, 60)]

    assert [each and each.kind for each in kinds] == [None, Kind.QUOTA_TOKENS, None]


def test_days_begin_at_midnight_in_california() -> None:
    ledger, quota = Ledger(), Quota(rpd=1)
    # 2026-11-20, 23:50 and 24:00 in Los Angeles.
    late, midnight = 1_795_247_400, 1_795_248_000

    admitted = [admit(ledger, quota, at=at) is None for at in (late, late + 590, midnight)]

    assert admitted == [True, False, True]


def test_only_so_many_at_once() -> None:
    ledger, quota = Ledger(), Quota(concurrency=1)
    asked: dict[str, Any] = {"tokens": 1, "now": 0.0, "minute": SLIDING}

    first = ledger.admit(DOMAIN, quota, **asked)
    second = ledger.admit(DOMAIN, quota, **asked)
    ledger.release(DOMAIN)

    assert first is None
    assert second is not None
    assert second.kind is Kind.CONCURRENCY
    assert ledger.admit(DOMAIN, quota, **asked) is None
