"""Who consumes what, and how far behind: asked of the brokers, for everybody at once."""

from collections import defaultdict
from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.errors import UnavailableError
from shared.runtime import kafka_security


@dataclass(slots=True)
class Group:
    """One service's consumers.

    Attributes:
        replicas: Members of its group that are alive.
        behind: Records that are not settled yet, by topic.
    """

    service: str
    replicas: int = 0
    behind: dict[str, int] = field(default_factory=dict)


async def groups(servers: str, services: Collection[str]) -> list[Group]:
    """Return how these services stand.

    Raises:
        UnavailableError: the brokers did not answer.
    """
    options = kafka_security.options()
    try:
        async with AsyncExitStack() as stack:
            admin = AIOKafkaAdminClient(bootstrap_servers=servers.split(","), **options)
            # Closed also where it could not be started: it opens connections before it fails.
            stack.push_async_callback(admin.close)
            await admin.start()
            consumer = AIOKafkaConsumer(bootstrap_servers=servers.split(","), **options)
            stack.push_async_callback(consumer.stop)
            await consumer.start()
            return [await _group(admin, consumer, service) for service in services]
    except (KafkaError, OSError) as error:
        raise UnavailableError(f"Kafka: {type(error).__name__}: {error}") from error


async def _group(admin: Any, consumer: Any, service: str) -> Group:
    found = Group(service)
    for response in await admin.describe_consumer_groups([service]):
        found.replicas += sum(len(group[5]) for group in response.groups)
    committed = await admin.list_consumer_group_offsets(service)
    places = {tp: at.offset for tp, at in committed.items() if at.offset >= 0}
    ends = await consumer.end_offsets(list(places)) if places else {}
    behind: defaultdict[str, int] = defaultdict(int)
    for place, offset in places.items():
        behind[_topic(place)] += max(0, ends[place] - offset)
    found.behind = dict(behind)
    return found


def _topic(place: TopicPartition) -> str:
    return str(place.topic)
