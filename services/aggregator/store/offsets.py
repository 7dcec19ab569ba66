"""How far the fold got: the table `consumer_offsets`."""

from collections.abc import Collection, Mapping

from services.aggregator.store.database import Connection

CONSUMER = "aggregator"

Partition = tuple[str, int]

_READ = """
SELECT topic, partition, next_offset
FROM consumer_offsets
JOIN unnest($2::text[], $3::int[]) AS u(topic, partition) USING (topic, partition)
WHERE consumer = $1
"""
_MAKE = """
INSERT INTO consumer_offsets (consumer, topic, partition, next_offset)
SELECT $1, topic, partition, 0 FROM unnest($2::text[], $3::int[]) AS u(topic, partition)
ORDER BY topic, partition
ON CONFLICT DO NOTHING
"""
_LOCK = """
SELECT o.topic, o.partition, o.next_offset
FROM consumer_offsets o
JOIN unnest($2::text[], $3::int[]) AS u(topic, partition) USING (topic, partition)
WHERE o.consumer = $1
ORDER BY o.topic, o.partition
FOR NO KEY UPDATE OF o
"""
_STORE = """
UPDATE consumer_offsets o SET next_offset = u.next_offset
FROM unnest($2::text[], $3::int[], $4::bigint[]) AS u(topic, partition, next_offset)
WHERE o.consumer = $1 AND o.topic = u.topic AND o.partition = u.partition
"""


async def read(connection: Connection, partitions: Collection[Partition]) -> dict[Partition, int]:
    """Return the next offset of those partitions of which anything was folded."""
    found = await connection.fetch(_READ, CONSUMER, *_columns(partitions))
    return {(row["topic"], row["partition"]): row["next_offset"] for row in found}


async def lock(connection: Connection, partitions: Collection[Partition]) -> dict[Partition, int]:
    """Return the next offset of each partition, and let nobody else fold it meanwhile."""
    columns = _columns(partitions)
    found = await connection.fetch(_LOCK, CONSUMER, *columns)
    if len(found) < len(partitions):
        await connection.execute(_MAKE, CONSUMER, *columns)
        found = await connection.fetch(_LOCK, CONSUMER, *columns)
    return {(row["topic"], row["partition"]): row["next_offset"] for row in found}


async def store(connection: Connection, ends: Mapping[Partition, int]) -> None:
    """Set how far each partition is folded. The caller holds their locks."""
    await connection.execute(_STORE, CONSUMER, *_columns(ends), list(ends.values()))


def _columns(partitions: Collection[Partition]) -> tuple[list[str], list[int]]:
    return [topic for topic, _ in partitions], [partition for _, partition in partitions]
