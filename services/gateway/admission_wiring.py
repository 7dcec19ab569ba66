"""Makes what decides who comes in from the gateway's settings. `app` calls it."""

from datetime import timedelta

from services.gateway import rate_limits
from services.gateway.admission import Admission
from services.gateway.identity import Identity
from services.gateway.passwords import Passwords
from services.gateway.rate_limits import Counter, RateLimits
from services.gateway.settings import Settings
from services.gateway.sign_in import SignIn
from services.gateway.store.accounts import AccountStore
from services.gateway.store.api_keys import ApiKeyStore
from services.gateway.store.audit import AuditLog
from services.gateway.store.database import Database
from services.gateway.store.sessions import SessionStore
from services.gateway.store.users import UserStore
from services.gateway.tokens import Tokens


def create(settings: Settings, database: Database, counter: Counter) -> Admission:
    """Wire it from the gateway's settings."""
    users, sessions, api_keys = UserStore(database), SessionStore(database), ApiKeyStore(database)
    lifetime = timedelta(minutes=settings.access_token_minutes)
    tokens = Tokens(settings.jwt_secret.get_secret_value(), lifetime)
    identity = Identity(tokens, sessions, api_keys)
    limits = RateLimits(rate_limits.parse(settings.rate_limits), counter)
    audit = AuditLog(database)
    passwords = Passwords(at_once=settings.hashes_at_once)
    return Admission(
        users=users,
        accounts=AccountStore(database),
        sessions=sessions,
        api_keys=api_keys,
        audit=audit,
        passwords=passwords,
        identity=identity,
        sign_in=SignIn(
            users=users,
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
