"""Refuses to start on a cluster without our topics.

A client that is asked for a topic that is not there may have it made: with one partition and
one copy, for ever. And a consumer of it would wait without a word.
"""

from collections.abc import Collection

from aiokafka.admin import AIOKafkaAdminClient

from shared.errors import UnavailableError
from shared.runtime import kafka_security
from shared.topics import ALL


class TopicsMissingError(UnavailableError):
    """The cluster is not prepared."""


def topics_of(service: str) -> set[str]:
    """Return the declared topics that `service` reads or writes."""
    return {topic.name for topic in ALL if service in (*topic.published_by, *topic.consumed_by)}


async def check_topics(servers: str, names: Collection[str]) -> None:
    """Return if all of these topics are there.

    Raises:
        TopicsMissingError: one is not.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.split(","), **kafka_security.options())
    await admin.start()
    try:
        missing = sorted(set(names) - set(await admin.list_topics()))
    finally:
        await admin.close()
    if missing:
        raise TopicsMissingError(
            f"Kafka has no {', '.join(missing)}: run python -m shared.runtime.create_topics"
        )
