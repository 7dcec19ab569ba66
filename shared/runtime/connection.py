"""How every service talks to Kafka: the options that make delivery at least once."""

import asyncio
import logging
from types import TracebackType
from typing import Any

from aiokafka import ConsumerRecord
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage

from shared.runtime import kafka_security
from shared.runtime.settings import CommonSettings

log = logging.getLogger(__name__)

# A full window may wait for a provider or an outage much longer than Kafka's usual five
# minutes between polls; a dead process is noticed by its missing heartbeats instead.
MAX_POLL_MS = 6 * 3_600_000
CLOSE_SECONDS = 10.0


class BoundedBroker(KafkaBroker):
    """A broker connection that closes in a limited time.

    An idempotent producer waits for its last batches for as long as the brokers are away. What
    they would have carried is not committed, so it is done again by whoever takes over.
    """

    async def stop(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> None:
        """Close the connections, or give up on closing them."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await super().stop(exc_type, exc_val, exc_tb)
        except TimeoutError:
            log.warning("Kafka did not answer when it was left")


def open_broker(name: str, settings: CommonSettings) -> KafkaBroker:
    """Return the broker connection of the service `name`, not yet started."""
    return BoundedBroker(
        settings.kafka_bootstrap_servers.split(","),
        client_id=f"bolt-{name}",
        security=kafka_security.security(),
        # Acknowledged by every in-sync replica, and a retry inside the client is no duplicate.
        acks="all",
        enable_idempotence=True,
        request_timeout_ms=15_000,
        # A topic created by accident has one partition for ever.
        allow_auto_create_topics=False,
        max_batch_size=128 * 1024,
        # `drain` has waited already.
        graceful_timeout=1.0,
        parser=_parse,
        decoder=_undecoded,
        logger=None,
        apply_types=False,
    )


def consumer_options(name: str, settings: CommonSettings) -> dict[str, Any]:
    """Return how a consumer group of the service `name` behaves."""
    return {
        "group_id": name,
        # The default, "latest", skips what was published before the group's first start.
        "auto_offset_reset": "earliest",
        "session_timeout_ms": settings.session_timeout_seconds * 1_000,
        # A member that joins waits until the others have heard of it, with their next heartbeat.
        "heartbeat_interval_ms": max(500, settings.session_timeout_seconds * 1_000 // 20),
        "rebalance_timeout_ms": 60_000,
        "max_poll_interval_ms": MAX_POLL_MS,
        "group_instance_id": settings.kafka_group_instance_id,
        "fetch_max_wait_ms": 250,
    }


async def _parse(record: ConsumerRecord, original: Any) -> KafkaMessage:
    # FastStream decodes headers as UTF-8 and drops the record where that fails. A foreign
    # header may be anything; ours are read by `envelope`, from the record itself.
    plain: KafkaMessage = await original(_without_headers(record))
    plain.raw_message = record
    return plain


def _without_headers(record: ConsumerRecord) -> ConsumerRecord:
    fields = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return ConsumerRecord(**fields | {"headers": ()})


async def _undecoded(message: KafkaMessage) -> ConsumerRecord:
    # Handlers take the record itself: FastStream would decode the body before anything of
    # ours could put aside what is not decodable.
    record: ConsumerRecord = message.raw_message
    return record
