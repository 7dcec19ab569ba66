"""Provider keys, and how much each may be used: shared by all replicas, fair between users.

pool = quota.create("gemini", quota.parse("alpha:KEY1,beta:KEY2"))
async with pool.lease("gemini-3.8-flash", tokens=900) as lease:
    ... call with lease.key ...          # raise ProviderError(verdict, message) on failure
answer = await quota.serve(pool, call, models=["gemini-3.8-flash", "gemini-3.5-flash-lite"])
"""

from collections.abc import Sequence

from shared.quota import vault
from shared.quota.bills import Bill, Lines, NoLines, RedisLines
from shared.quota.budget import Budgets
from shared.quota.caller import caller, last_try, one_model, turn
from shared.quota.errors import ExhaustedError, NoKeyError
from shared.quota.keys import ANONYMOUS, Key, parse
from shared.quota.ledger import Ledger
from shared.quota.limits import Limits
from shared.quota.permission import Call, Permission, calling, permission, unless_stopped
from shared.quota.pool import LONGER, Lease, Pool
from shared.quota.serving import serve
from shared.quota.settings import Settings
from shared.quota.slots import Slots
from shared.quota.stored import StoredKeys
from shared.quota.verdict import Action, Answer, ProviderError, Scope, Verdict, classify

__all__ = [
    "ANONYMOUS",
    "LONGER",
    "Action",
    "Answer",
    "Bill",
    "Budgets",
    "Call",
    "ExhaustedError",
    "Key",
    "Lease",
    "Limits",
    "Lines",
    "NoKeyError",
    "NoLines",
    "Permission",
    "Pool",
    "ProviderError",
    "RedisLines",
    "Scope",
    "Settings",
    "Slots",
    "Verdict",
    "caller",
    "calling",
    "classify",
    "create",
    "last_try",
    "one_model",
    "parse",
    "permission",
    "serve",
    "takes_stored",
    "turn",
    "unless_stopped",
]


def takes_stored() -> bool:
    """Return whether keys that users gave can be opened here."""
    return vault.configured()


def create(provider: str, keys: Sequence[Key], *, stored: bool = True) -> Pool:
    """Return a pool of `keys` and of those that users gave; of the anonymous one without any.

    Args:
        provider: Whose keys.
        keys: Those of the environment: they serve everybody.
        stored: Whether keys that users gave can be used beside them.

    Raises:
        InvalidRequestError: KEYS_KEK is set, and is no key.
    """
    settings = Settings()
    ledger = Ledger(
        provider, redis_url=settings.redis_url, lease_seconds=settings.quota_lease_seconds
    )
    theirs = None
    if stored:
        theirs = StoredKeys(provider, ledger.stored, vault.create() if vault.configured() else None)
    return Pool(provider, tuple(keys), ledger, settings, theirs)
