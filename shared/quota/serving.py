"""One call, with whichever key and model can serve it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias, TypeVar

from shared.errors import PipelineError, RateLimitedError
from shared.quota.caller import one_model
from shared.quota.errors import ExhaustedError, NoKeyError
from shared.quota.keys import Key
from shared.quota.permission import check
from shared.quota.pool import Lease, Pool
from shared.quota.verdict import Action, ProviderError, Scope, Verdict

T = TypeVar("T")

# From what one key said to a question, the newest last, to whether it is worth asking it once
# more: with longer to answer, or in other words.
Again: TypeAlias = Callable[[Sequence[Verdict]], bool]

# Calls made for one question. A chain of bad keys longer than this is better waited out.
MAX_CALLS = 6
# Told to one key, and not to every other.
_OTHERS_MAY = frozenset({Scope.KEY, Scope.DOMAIN, Scope.PROJECT})


def longer_once(said: Sequence[Verdict]) -> bool:
    """Return whether it was too slow, for the first time: it may have longer."""
    return [verdict.reason for verdict in said] == ["timeout"]


async def serve(
    pool: Pool,
    call: Callable[[Lease], Awaitable[T]],
    *,
    models: Sequence[str],
    tokens: int = 0,
    again: Again = longer_once,
) -> T:
    """Return what `call` returns with the first key, and the first of `models`, that serve.

    The same key is asked once more only where `again` says so, and no call is without a lease.
    Everything else is for the runtime, later.

    Args:
        pool: Whose keys.
        call: Calls with a lease; raises `ProviderError` where it was not served.
        models: Best first. The next is asked where no key serves one for a long while, where
            one fails too often, and where one cannot do what is asked; unless the work at
            hand is for one model only.
        tokens: What the call will count for, about.
        again: Whether the key that failed is asked once more; its lease knows what it said.

    Raises:
        PipelineError: as the runtime knows them; the last one's where all were tried.
    """
    problem: PipelineError | None = None
    calls = 0
    for model in models[:1] if one_model.get() else models:
        question = _Question(pool, model, tokens, again)
        while question.open and calls < MAX_CALLS:
            try:
                async with question.lease() as lease:
                    # The wait may have been long: a pause in the meantime counts.
                    check()
                    calls += 1
                    return await call(lease)
            except ProviderError as error:
                problem = error.for_the_runtime()
                if not question.goes_on(error.verdict):
                    raise problem from None
            except (RateLimitedError, NoKeyError) as error:
                problem = _kinder(problem, error)
                if not question.is_left(error):
                    raise problem from None
    raise problem or NoKeyError("no model is configured") from None


class _Question:
    """What one model is asked.

    Attributes:
        open: Whether it is worth asking on.
    """

    def __init__(self, pool: Pool, model: str, tokens: int, again: Again) -> None:
        self.open = True
        self._pool = pool
        self._model = model
        self._tokens = tokens
        self._again = again
        # Who is asked once more, and what that key said so far.
        self._only: Key | None = None
        self._said: tuple[Verdict, ...] = ()
        self._model_shut = False

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Lease]:
        lease: Lease | None = None
        try:
            async with self._pool.lease(self._model, tokens=self._tokens, only=self._only) as lease:
                lease.said = self._said
                yield lease
        finally:
            if lease is not None:
                self._only, self._model_shut = lease.key, lease.model_shut

    def goes_on(self, verdict: Verdict) -> bool:
        """Return whether the same key, another or another model is asked after a failure."""
        self._said = (*self._said, verdict)
        if self._again(self._said):
            return True
        self._only, self._said = None, ()
        if verdict.scope in _OTHERS_MAY:
            return True
        self.open = False
        # It lacks what is asked, or has just failed for everybody once too often.
        return verdict.action is Action.FALLBACK_MODEL or self._model_shut

    def is_left(self, error: PipelineError) -> bool:
        """Return whether another model may serve what this one has no key for."""
        self.open = False
        # What one key refused is not to be tried with others by this detour.
        return self._only is None and isinstance(error, ExhaustedError | NoKeyError)


def _kinder(first: PipelineError | None, second: PipelineError) -> PipelineError:
    """Return what a job should hear: that waiting helps, or else what was said first."""
    if first is None or isinstance(second, RateLimitedError):
        if isinstance(first, RateLimitedError) and isinstance(second, RateLimitedError):
            return min(first, second, key=lambda error: error.retry_after)
        return second
    return first
