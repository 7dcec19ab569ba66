"""One stage with nothing in it: what comes on one topic goes to the next, at least once."""

import argparse
import asyncio
import logging
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

AT_ONCE = 1_000


async def forward(kafka: str, source: str, target: str) -> None:
    """Forward records for ever; what was forwarded is committed, never the other way round."""
    consumer = AIOKafkaConsumer(
        source,
        bootstrap_servers=kafka,
        group_id=f"bare-{source}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=250,
    )
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    async with consumer, producer:
        while True:
            found = await consumer.getmany(timeout_ms=1_000, max_records=AT_ONCE)
            records = [record for records in found.values() for record in records]
            if records:
                sent = [await _send(producer, target, record) for record in records]
                await asyncio.gather(*sent)
                await consumer.commit()


async def _send(producer: AIOKafkaProducer, target: str, record: ConsumerRecord) -> Any:
    headers = list(record.headers)
    return await producer.send(target, record.value, key=record.key, headers=headers)


def main() -> None:
    """Forward from one topic to another until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("kafka", "source", "target"):
        parser.add_argument(name)
    asked = parser.parse_args()
    # That a group is not there yet is told as an error.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asyncio.run(forward(asked.kafka, asked.source, asked.target))


if __name__ == "__main__":
    main()
