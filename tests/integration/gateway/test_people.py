import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from services.gateway.api_keys import MintedKey
from services.gateway.errors import TooManyRequestsError
from services.gateway.principals import Visitor
from services.gateway.rate_limits import Limit, RateLimits
from services.gateway.store.accounts import AccountChange, AccountStore, Actor
from services.gateway.store.api_keys import ApiKey, ApiKeyStore
from services.gateway.store.audit import AuditLog, Deed, EntryFilter
from services.gateway.store.database import Database
from services.gateway.store.request_counts import RequestCounts
from services.gateway.store.sessions import SessionStore
from services.gateway.store.users import User, UserStore
from shared.postgres import open_pool

pytestmark = pytest.mark.connected

HOME = Visitor("203.0.113.7", "a browser\x00")
EVERYTHING = EntryFilter(actor_id=None, action=None, after=None, limit=100)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


async def user(database: Database, name: str = "ana") -> User:
    made = await UserStore(database).add(f"{name}@example.com", "hash")
    assert made is not None
    return made


def token(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def begun(database: Database, user_id: UUID, first: str, days: int = 30) -> UUID:
    session_id = uuid4()
    await SessionStore(database).begin(
        (session_id, user_id), token(first), HOME, timedelta(days=days)
    )
    return session_id


async def actions(database: Database) -> list[str]:
    return [entry.action for entry in await AuditLog(database).page(EVERYTHING)]


async def test_of_many_that_use_a_refresh_token_at_once_one_is_served(database: Database) -> None:
    ana, sessions = await user(database), SessionStore(database)
    session_id = await begun(database, ana.user_id, "1")

    rotated = await asyncio.gather(
        *(sessions.rotate(token("1"), token(f"2-{n}")) for n in range(8))
    )

    served = [one for one in rotated if one is not None]
    assert [(one.session_id, one.user_id, one.role) for one in served] == [
        (session_id, ana.user_id, "user")
    ]


async def test_a_replayed_refresh_token_ends_its_session_and_is_noted(database: Database) -> None:
    ana, sessions = await user(database), SessionStore(database)
    session_id = await begun(database, ana.user_id, "1")
    other = await begun(database, ana.user_id, "another")
    await sessions.rotate(token("1"), token("2"))
    assert await sessions.end_if_replayed(token("unknown"), HOME) is None
    assert await sessions.end_if_replayed(token("2"), HOME) is None

    ended = await sessions.end_if_replayed(token("1"), HOME)

    assert ended == session_id
    assert await sessions.rotate(token("2"), token("3")) is None
    assert await sessions.role(session_id, ana.user_id) is None
    assert await sessions.role(other, ana.user_id) == "user"
    assert [one.session_id for one in await sessions.all(ana.user_id)] == [other]
    assert await actions(database) == ["session.replayed"]


async def test_sessions_end_one_by_one_or_all_but_one(database: Database) -> None:
    ana, bob = await user(database), await user(database, "bob")
    sessions = SessionStore(database)
    mine = [await begun(database, ana.user_id, str(n)) for n in range(3)]
    his = await begun(database, bob.user_id, "his")

    assert await sessions.end(bob.user_id, mine[0]) == []
    assert await sessions.holder(token("0")) == (ana.user_id, mine[0])
    assert await sessions.end(ana.user_id, mine[0]) == [mine[0]]
    assert await sessions.end(ana.user_id, but=mine[1]) == [mine[2]]

    assert [one.session_id for one in await sessions.all(ana.user_id)] == [mine[1]]
    assert [one.session_id for one in await sessions.all(bob.user_id)] == [his]
    assert (await sessions.all(bob.user_id))[0].user_agent == "a browser"


async def test_an_old_session_is_over_and_goes_with_the_next_sign_in(database: Database) -> None:
    ana, sessions = await user(database), SessionStore(database)
    old = await begun(database, ana.user_id, "old", days=-1)

    assert await sessions.role(old, ana.user_id) is None
    assert await sessions.rotate(token("old"), token("new")) is None

    await begun(database, ana.user_id, "next")
    assert await sessions.holder(token("old")) is None


def api_key(minted: MintedKey, expires_at: datetime | None = None) -> ApiKey:
    return ApiKey(
        key_id=uuid4(),
        name="import",
        prefix=minted.prefix,
        scopes=["read"],
        created_at=datetime.now(UTC),
        expires_at=expires_at,
        last_used_at=None,
    )


async def test_an_api_key_speaks_for_its_owner_until_it_is_revoked(database: Database) -> None:
    ana, bob = await user(database), await user(database, "bob")
    keys, minted = ApiKeyStore(database), MintedKey.make()
    key = await keys.add(ana.user_id, api_key(minted), minted.secret_sha256, most=1)
    assert key is not None
    assert await keys.add(ana.user_id, api_key(MintedKey.make()), b"", most=1) is None
    assert await keys.get(bob.user_id, key.key_id) is None
    assert not await keys.revoke(bob.user_id, key.key_id)

    holder = await keys.holder(minted.prefix)
    assert holder is not None
    assert (holder.user_id, holder.scopes) == (ana.user_id, ["read"])
    assert minted.opens(holder.secret_sha256)
    await keys.used(key.key_id)
    assert (await keys.all(ana.user_id))[0].last_used_at is not None

    assert await keys.revoke(ana.user_id, key.key_id)
    assert await keys.holder(minted.prefix) is None
    assert await keys.all(ana.user_id) == []
    assert await actions(database) == ["api_key.revoked", "api_key.created"]


async def test_an_expired_api_key_and_that_of_a_disabled_user_speak_for_nobody(
    database: Database,
) -> None:
    ana, root = await user(database), await user(database, "root")
    keys, old, good = ApiKeyStore(database), MintedKey.make(), MintedKey.make()
    past = datetime.now(UTC) - timedelta(seconds=1)
    await keys.add(ana.user_id, api_key(old, past), old.secret_sha256, most=9)
    await keys.add(ana.user_id, api_key(good), good.secret_sha256, most=9)
    assert await keys.holder(old.prefix) is None
    assert await keys.holder(good.prefix) is not None
    session_id = await begun(database, ana.user_id, "1")

    change = AccountChange(disabled=True)
    await AccountStore(database).change(ana.user_id, change, Actor(user_id=root.user_id))

    assert await keys.holder(good.prefix) is None
    assert await SessionStore(database).role(session_id, ana.user_id) is None
    assert await UserStore(database).credentials("ana@example.com") is None
    await AccountStore(database).change(ana.user_id, AccountChange(disabled=False), Actor())
    assert await keys.holder(good.prefix) is not None
    assert await SessionStore(database).role(session_id, ana.user_id) is None


async def test_an_admin_is_always_left(database: Database) -> None:
    ana, bob = await user(database), await user(database, "bob")
    accounts, demote = AccountStore(database), AccountChange(role="user")
    for one in (ana, bob):
        assert await accounts.change(one.user_id, AccountChange(role="admin"), Actor())

    demoted = await asyncio.gather(
        *(accounts.change(one.user_id, demote, Actor()) for one in (ana, bob))
    )

    assert sum(one is not None for one in demoted) == 1
    left = next(one for one in (ana, bob) if one.user_id not in {d and d.user_id for d in demoted})
    assert await accounts.change(left.user_id, AccountChange(disabled=True), Actor()) is None
    assert await accounts.change(uuid4(), demote, Actor()) is None
    admins = [one.role for one in await accounts.page(None, None, 10)]
    assert sorted(admins) == ["admin", "user"]
    assert [one.email for one in await accounts.page("BOB@", None, 10)] == ["bob@example.com"]


async def test_a_changed_password_is_noted_and_not_shown(database: Database) -> None:
    ana, users = await user(database), UserStore(database)

    await users.change_password(ana.user_id, "another hash", address="203.0.113.7")

    assert await users.password_hash(ana.user_id) == "another hash"
    (entry,) = await AuditLog(database).page(EVERYTHING)
    assert (entry.action, entry.actor_id, entry.address) == (
        "password.changed",
        ana.user_id,
        "203.0.113.7",
    )
    assert "hash" not in str(entry)


async def test_the_audit_log_is_read_by_page_and_by_who_and_what(database: Database) -> None:
    log, ana = AuditLog(database), uuid4()
    for action, actor in (("a.done", ana), ("b.done", None), ("a.done", None)):
        await log.add(Deed(action=action, actor_id=actor, detail={"n": 1}))

    assert await actions(database) == ["a.done", "b.done", "a.done"]
    by_ana = await log.page(replace(EVERYTHING, actor_id=ana))
    assert [(entry.action, entry.detail) for entry in by_ana] == [("a.done", {"n": 1})]
    assert len(await log.page(replace(EVERYTHING, action="a.done", limit=1))) == 1


async def test_gateways_count_requests_together(redis_url: str) -> None:
    limit, who = Limit("write", 5, 60), f"{uuid4()} somebody"
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as two:
        replicas = [RateLimits({"write": limit}, RequestCounts(redis)) for redis in (one, two)]

        answers = await asyncio.gather(
            *(replicas[n % 2].take("write", who) for n in range(20)), return_exceptions=True
        )
        refused = [answer for answer in answers if isinstance(answer, TooManyRequestsError)]
        await replicas[0].forgive("write", who)
        again = await replicas[1].take("write", who)

    assert len(refused) == 15
    # Twelve seconds earn one more.
    assert {error.headers and error.headers["Retry-After"] for error in refused} <= {"12", "11"}
    assert again is not None
    assert again.verdict.remaining == 4


async def test_the_first_admin_is_made_on_the_command_line(database_url: str) -> None:
    def bolt_users(*words: str, typed: str = "") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "cli", "users", *words],
            env={**os.environ, "DATABASE_URL": database_url},  # noqa: TID251 - a child inherits it
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def all_of_it() -> tuple[tuple[int, str], ...]:
        return (
            bolt_users("create", "root@example.com", "--admin", typed="correct horse\n"),
            bolt_users("demote", "root@example.com"),
            bolt_users("promote", "nobody@example.com"),
            bolt_users("create", "bob@example.com", typed="short\n"),
            bolt_users("list"),
        )

    created, refused, unknown, short, listed = await asyncio.to_thread(all_of_it)

    assert (created[0], "admin" in created[1]) == (0, True)
    assert "correct horse" not in created[1]
    assert (refused[0], "last admin" in refused[1]) == (1, True)
    assert (unknown[0], "nobody has the address" in unknown[1]) == (1, True)
    assert (short[0], "at least 8" in short[1]) == (1, True)
    assert listed[1].count("@example.com") == 1
