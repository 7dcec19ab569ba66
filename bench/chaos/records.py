"""Reads topics from outside the product, with a client that is not the product's."""

from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a topic.

    Attributes:
        at: When the broker or its producer dated it, in seconds since the epoch.
    """

    value: bytes
    at: float


def everything_on(kafka: str, topic: str) -> list[Record]:
    """Return all records of a topic.

    Raises:
        KafkaException: They did not come.
    """
    reader = Consumer(
        {"bootstrap.servers": kafka, "group.id": "audit", "enable.auto.commit": False}
    )
    try:
        numbers = reader.list_topics(topic, timeout=PATIENCE_SECONDS).topics[topic].partitions
        partitions = [TopicPartition(topic, number, 0) for number in numbers]
        ends = [reader.get_watermark_offsets(each, timeout=PATIENCE_SECONDS) for each in partitions]
        reader.assign(partitions)
        left = sum(high - low for low, high in ends)
        found: list[Record] = []
        # A message without a value is false, and still a message.
        while left and (message := reader.poll(PATIENCE_SECONDS)) is not None:
            if message.error():
                raise KafkaException(message.error())
            found.append(Record(message.value() or b"", message.timestamp()[1] / 1_000))
            left -= 1
        if left:
            raise TimeoutError(f"{left} records of {topic} did not come")
        return found
    finally:
        reader.close()
