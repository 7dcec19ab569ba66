"""Whether a broker serves its clients."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError


def answers(address: str) -> bool:
    """Say whether a broker at this address answers a metadata request with a cluster."""
    with _quiet():
        return asyncio.run(_has_brokers(address))


async def _has_brokers(address: str) -> bool:
    client = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=2000)
    try:
        await client.start()
        cluster = await client.describe_cluster()
        return bool(cluster["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await client.close()


@contextmanager
def _quiet() -> Iterator[None]:
    # The client logs each refusal as an error; while waiting, refusals are what is expected.
    logger = logging.getLogger("aiokafka")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
