"""Is this deployment able to work, and what has to be done where it is not?

It looks from where it runs, with the settings that a service would read there. Every check
answers with findings, and never raises: what cannot be asked is a finding too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from cli.diagnosis import kafka, machine, postgres, providers, redis, storage
from cli.diagnosis.findings import Finding, bad, fine, poor

__all__ = ["CHECKS", "Finding", "bad", "diagnose", "fine", "poor"]

Check = Callable[[], Awaitable[list[Finding]]]

CHECKS: dict[str, Check] = {
    "kafka": kafka.check,
    "postgres": postgres.check,
    "redis": redis.check,
    "storage": storage.check,
    "providers": providers.check,
    "machine": machine.check,
}
SECONDS = 60.0


async def diagnose(names: Sequence[str] = tuple(CHECKS)) -> list[Finding]:
    """Return what every check found, in the order asked."""
    found = await asyncio.gather(*(_checked(name) for name in names))
    return [finding for findings in found for finding in findings]


async def _checked(name: str) -> list[Finding]:
    try:
        async with asyncio.timeout(SECONDS):
            return await CHECKS[name]()
    except TimeoutError:
        return [bad(name, f"no answer in {SECONDS:.0f} s", "see whether it runs and is reachable")]
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody has to see it
        said = f"{type(error).__name__}: {error}"
        return [bad(name, said, "correct the setting that the message names")]
