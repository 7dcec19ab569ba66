"""Users, their sessions and their API keys in memory, for tests of the gateway."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from services.gateway.cursors import After
from services.gateway.principals import Principal, Visitor
from services.gateway.store.accounts import AccountChange, Actor
from services.gateway.store.api_keys import ApiKey, KeyHolder
from services.gateway.store.audit import Deed, Entry, EntryFilter
from services.gateway.store.sessions import Rotated, Session
from services.gateway.store.users import Credentials, User

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class KnownSession:
    user_id: UUID
    seen: Session
    ended: bool = False


@dataclass
class FakePeople:
    """Stands for every store that knows people."""

    rows: dict[str, tuple[User, str]] = field(default_factory=dict)
    known_sessions: dict[UUID, KnownSession] = field(default_factory=dict)
    refresh_tokens: dict[bytes, tuple[UUID, bool]] = field(default_factory=dict)
    keys: dict[UUID, tuple[UUID, ApiKey, bytes]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def signed_in(self, user_id: UUID, role: str = "user") -> Principal:
        """Return somebody who is known and has signed in."""
        if self._user(user_id) is None:
            email = f"{user_id}@example.com"
            user = User(user_id=user_id, email=email, role=role, created_at=NOW)
            self.rows[email] = (user, "no password")
        self._set(user_id, role=role)
        session_id = uuid5(user_id, role)
        self._begin(session_id, user_id, Visitor())
        return Principal(user_id, role, session_id=session_id)

    async def add(self, email: str, password_hash: str) -> User | None:
        if email.lower() in self.rows:
            return None
        user = User(user_id=uuid4(), email=email, role="user", created_at=NOW)
        self.rows[email.lower()] = (user, password_hash)
        return user

    async def get(self, user_id: UUID) -> User | None:
        return self._user(user_id)

    async def credentials(self, email: str) -> Credentials | None:
        user, secret = self.rows.get(email.lower(), (None, ""))
        if user is None or user.disabled_at:
            return None
        return Credentials(user_id=user.user_id, role=user.role, password_hash=secret)

    async def password_hash(self, user_id: UUID) -> str | None:
        return next((h for user, h in self.rows.values() if user.user_id == user_id), None)

    async def change_password(self, user_id: UUID, password_hash: str, *, address: str) -> None:
        user = self._user(user_id)
        assert user is not None
        self.rows[user.email.lower()] = (user, password_hash)
        self._note("password.changed", user_id, str(user_id))

    async def change(self, user_id: UUID, change: AccountChange, actor: Actor) -> User | None:
        user = self._user(user_id)
        others = [u for u, _ in self.rows.values() if u.role == "admin" and u != user]
        demoted = change.role == "user" or change.disabled
        if user is None or (demoted and user.role == "admin" and not others):
            return None
        values: dict[str, Any] = {"role": change.role} if change.role else {}
        if change.disabled is not None:
            values["disabled_at"] = NOW if change.disabled else None
        self._note("user.changed", actor.user_id, str(user_id))
        return self._set(user_id, **values)

    async def page(self, search: str | None, after: After | None, limit: int) -> list[User]:
        users = [user for user, _ in self.rows.values() if (search or "") in user.email]
        return users[:limit]

    async def begin(
        self, session: tuple[UUID, UUID], token: bytes, visitor: Visitor, lifetime: timedelta
    ) -> None:
        self._begin(*session, visitor, lifetime)
        self.refresh_tokens[token] = (session[0], False)

    async def rotate(self, token: bytes, following: bytes) -> Rotated | None:
        session_id, used = self.refresh_tokens.get(token, (UUID(int=0), True))
        known = self.known_sessions.get(session_id)
        if used or known is None or known.ended:
            return None
        self.refresh_tokens[token] = (session_id, True)
        self.refresh_tokens[following] = (session_id, False)
        user = self._user(known.user_id)
        assert user is not None
        return Rotated(
            session_id=session_id,
            user_id=user.user_id,
            role=user.role,
            expires_at=known.seen.expires_at,
        )

    async def end_if_replayed(self, token: bytes, visitor: Visitor) -> UUID | None:
        session_id, used = self.refresh_tokens.get(token, (UUID(int=0), False))
        if not used or self.known_sessions[session_id].ended:
            return None
        self.known_sessions[session_id].ended = True
        self._note("session.replayed", self.known_sessions[session_id].user_id, str(session_id))
        return session_id

    async def role(self, session_id: UUID, user_id: UUID) -> str | None:
        known, user = self.known_sessions.get(session_id), self._user(user_id)
        if known is None or known.ended or user is None or user.disabled_at:
            return None
        return user.role

    async def all_sessions(self, user_id: UUID) -> list[Session]:
        known = self.known_sessions.values()
        return [one.seen for one in known if one.user_id == user_id and not one.ended]

    async def end(
        self, user_id: UUID, session_id: UUID | None = None, *, but: UUID | None = None
    ) -> list[UUID]:
        ended = []
        for name, known in self.known_sessions.items():
            if known.user_id == user_id and session_id in (None, name) and name != but:
                known.ended = True
                ended.append(name)
        return ended

    async def session_of(self, token: bytes) -> tuple[UUID, UUID] | None:
        session_id, _ = self.refresh_tokens.get(token, (UUID(int=0), False))
        known = self.known_sessions.get(session_id)
        return (known.user_id, session_id) if known else None

    def _begin(
        self,
        session_id: UUID,
        user_id: UUID,
        visitor: Visitor,
        lifetime: timedelta = timedelta(days=1),
    ) -> None:
        now = datetime.now(UTC)
        seen = Session(
            session_id=session_id,
            user_agent=visitor.user_agent,
            address=visitor.address,
            created_at=now,
            last_used_at=now,
            expires_at=now + lifetime,
        )
        self.known_sessions.setdefault(session_id, KnownSession(user_id, seen))

    def _user(self, user_id: UUID) -> User | None:
        return next((user for user, _ in self.rows.values() if user.user_id == user_id), None)

    def _set(self, user_id: UUID, **values: Any) -> User:
        user = self._user(user_id)
        assert user is not None
        changed = replace(user, **values)
        self.rows[user.email.lower()] = (changed, self.rows[user.email.lower()][1])
        return changed

    def _note(
        self,
        action: str,
        actor_id: UUID | None,
        subject: str,
        detail: dict[str, Any] | None = None,
    ) -> None:
        entry = Entry(
            audit_id=uuid4(),
            happened_at=NOW,
            action=action,
            actor_id=actor_id,
            subject=subject,
            detail=detail or {},
        )
        self.entries.append(entry)


@dataclass
class FakeSessions:
    people: FakePeople

    def __getattr__(self, name: str) -> Any:
        return getattr(self.people, {"all": "all_sessions", "holder": "session_of"}.get(name, name))


@dataclass
class FakeApiKeys:
    people: FakePeople

    async def add(
        self, user_id: UUID, key: ApiKey, secret_sha256: bytes, *, most: int
    ) -> ApiKey | None:
        if len(await self.all(user_id)) >= most:
            return None
        self.people.keys[key.key_id] = (user_id, key, secret_sha256)
        return key

    async def all(self, user_id: UUID) -> list[ApiKey]:
        return [key for owner, key, _ in self.people.keys.values() if owner == user_id]

    async def get(self, user_id: UUID, key_id: UUID) -> ApiKey | None:
        return next((key for key in await self.all(user_id) if key.key_id == key_id), None)

    async def revoke(self, user_id: UUID, key_id: UUID) -> bool:
        found = await self.get(user_id, key_id) is not None
        if found:
            del self.people.keys[key_id]
        return found

    async def holder(self, prefix: str) -> KeyHolder | None:
        for owner, key, secret_sha256 in self.people.keys.values():
            user = await self.people.get(owner)
            if key.prefix == prefix and user is not None and not user.disabled_at:
                return KeyHolder(
                    key_id=key.key_id,
                    user_id=owner,
                    role=user.role,
                    scopes=key.scopes,
                    secret_sha256=secret_sha256,
                )
        return None

    async def used(self, key_id: UUID) -> None:
        owner, key, secret_sha256 = self.people.keys[key_id]
        self.people.keys[key_id] = (owner, replace(key, last_used_at=NOW), secret_sha256)


@dataclass
class FakeAudit:
    people: FakePeople

    async def add(self, deed: Deed) -> None:
        self.people._note(deed.action, deed.actor_id, deed.subject, dict(deed.detail))

    async def page(self, wanted: EntryFilter) -> list[Entry]:
        return [e for e in self.people.entries if wanted.action in (None, e.action)][: wanted.limit]
