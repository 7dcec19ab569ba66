"""Creates every declared topic: `python -m shared.runtime.create_topics`. Repeating it is fine."""

import asyncio
import logging

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.errors import UnavailableError
from shared.runtime import kafka_security
from shared.settings import BaseSettings
from shared.topics import ALL

log = logging.getLogger(__name__)

ALREADY_EXISTS = 36


class Settings(BaseSettings):
    """Where the topics are made, and how often each record is kept."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    kafka_bootstrap_servers: str = Field(default="localhost:9092")
    kafka_replication_factor: int | None = Field(
        default=None, description="Copies of every record; 3, or one per broker if there are fewer."
    )


async def create(settings: Settings) -> list[str]:
    """Create the topics that are missing and return their names.

    Raises:
        UnavailableError: the brokers refused one, for the reason in the message.
    """
    admin = AIOKafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap_servers, **kafka_security.options()
    )
    await admin.start()
    try:
        brokers = len((await admin.describe_cluster())["brokers"])
        copies = settings.kafka_replication_factor or min(3, brokers)
        there = set(await admin.list_topics())
        missing = [
            NewTopic(
                topic.name,
                topic.partitions,
                copies,
                topic_configs=topic.config,
            )
            for topic in ALL
            if topic.name not in there
        ]
        if missing:
            answer = await admin.create_topics(missing, timeout_ms=30_000)
            _check(answer.topic_errors)
        return [topic.name for topic in missing]
    finally:
        await admin.close()


def _check(errors: list[tuple[object, ...]]) -> None:
    for name, code, *message in errors:
        if code not in (0, ALREADY_EXISTS):
            raise UnavailableError(f"topic {name}: {for_code(code).__name__} {message}")


def main() -> None:
    """Create the topics of the brokers named in the environment."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    created = asyncio.run(create(Settings()))
    log.info("topics: %d created, %d declared", len(created), len(ALL))


if __name__ == "__main__":
    main()
