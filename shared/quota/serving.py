"""One call, with whichever key and model can serve it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shared.errors import PipelineError, RateLimitedError
from shared.quota.errors import ExhaustedError, NoKeyError
from shared.quota.permission import check
from shared.quota.pool import Lease, Pool
from shared.quota.verdict import ProviderError, Scope

T = TypeVar("T")

# Calls made for one question. A chain of bad keys longer than this is better waited out.
MAX_CALLS = 6
# Told to one key, and not to every other.
_OTHERS_MAY = frozenset({Scope.KEY, Scope.DOMAIN, Scope.PROJECT})


async def serve(
    pool: Pool, call: Callable[[Lease], Awaitable[T]], *, models: Sequence[str], tokens: int = 0
) -> T:
    """Return what `call` returns with the first key, and the first of `models`, that serve.

    Nothing is asked twice of the same key: that is for the runtime, later.

    Args:
        pool: Whose keys.
        call: Calls with a lease; raises `ProviderError` where it was not served.
        models: Best first. The next is asked where no key serves one for a long while.
        tokens: What the call will count for, about.

    Raises:
        PipelineError: as the runtime knows them; the last one's where all were tried.
    """
    problem: PipelineError | None = None
    calls = 0
    for model in models:
        while calls < MAX_CALLS:
            try:
                async with pool.lease(model, tokens=tokens) as lease:
                    # The wait may have been long: a pause in the meantime counts.
                    check()
                    calls += 1
                    return await call(lease)
            except ProviderError as error:
                problem = error.for_the_runtime()
                if error.verdict.scope not in _OTHERS_MAY:
                    raise problem from None
            except (ExhaustedError, NoKeyError) as error:
                problem = _kinder(problem, error)
                break
            except RateLimitedError as error:
                raise _kinder(problem, error) from None
    raise problem or NoKeyError("no model is configured") from None


def _kinder(first: PipelineError | None, second: PipelineError) -> PipelineError:
    """Return what a job should hear: that waiting helps, or else what was said first."""
    if first is None or isinstance(second, RateLimitedError):
        if isinstance(first, RateLimitedError) and isinstance(second, RateLimitedError):
            return min(first, second, key=lambda error: error.retry_after)
        return second
    return first
