"""Everything that decides who comes in, and what they may do once inside."""

from dataclasses import dataclass

from services.gateway.identity import Identity
from services.gateway.passwords import Passwords
from services.gateway.rate_limits import RateLimits
from services.gateway.sign_in import SignIn
from services.gateway.store.accounts import AccountStore
from services.gateway.store.api_keys import ApiKeyStore
from services.gateway.store.audit import AuditLog
from services.gateway.store.sessions import SessionStore
from services.gateway.store.users import UserStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Accounts, sessions, API keys and limits."""

    users: UserStore
    accounts: AccountStore
    sessions: SessionStore
    api_keys: ApiKeyStore
    audit: AuditLog
    passwords: Passwords
    identity: Identity
    sign_in: SignIn
    limits: RateLimits
