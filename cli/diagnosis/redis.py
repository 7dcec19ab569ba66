"""Redis or Valkey: does it keep what it is given, and what does it throw away?"""

from datetime import UTC, datetime
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cli.diagnosis.findings import Finding, bad, fine, poor
from cli.diagnosis.machine import clock
from shared.runtime import CommonSettings

PART = "redis"


async def check() -> list[Finding]:
    """Write a key, read it back, and ask for its clock and its policy."""
    client: Redis = Redis.from_url(
        CommonSettings().redis_url, socket_timeout=10, socket_connect_timeout=5
    )
    key = f"bolt:doctor:{uuid4()}"
    try:
        await client.set(key, b"1", ex=60)
        kept = await client.get(key)
        await client.delete(key)
        seconds, micro = await client.time()
        about = await client.info()
    except (RedisError, OSError) as error:
        return [bad(PART, f"does not answer: {error}", "check REDIS_URL, its password and TLS")]
    finally:
        await client.aclose()
    if kept != b"1":
        return [bad(PART, "what was written was not there", "look for a replica that is read")]
    server = about.get("valkey_version") or about.get("redis_version")
    now = datetime.fromtimestamp(seconds + micro / 1e6, UTC)
    return [
        fine(PART, f"version {server} writes and reads"),
        clock(PART, now, datetime.now(UTC)),
        _policy(str(about.get("maxmemory_policy", "")), int(about.get("maxmemory", 0))),
    ]


def _policy(policy: str, limit: int) -> Finding:
    if limit and policy.startswith("allkeys"):
        says = f"maxmemory-policy is {policy}: it would throw leases away"
        return poor(PART, says, "set volatile-lru: what may be forgotten has a time to live")
    return fine(PART, f"maxmemory {limit or 'without limit'}, {policy}")
