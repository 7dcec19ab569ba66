"""The table `notifications`, and how far users were told: `told_offsets`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json

from services.gateway.cursors import After
from services.gateway.store.database import Database

Partition = tuple[str, int]

_ADD = """
INSERT INTO notifications (notification_id, user_id, type, data, at)
VALUES ($1, $2, $3, $4::text::jsonb, $5) ON CONFLICT DO NOTHING
"""
_PAGE = """
SELECT notification_id, user_id, type, data::text, at, read_at FROM notifications
WHERE user_id = $1 AND (NOT $2 OR read_at IS NULL)
  AND ($3::timestamptz IS NULL OR (at, notification_id) < ($3, $4::uuid))
ORDER BY at DESC, notification_id DESC LIMIT $5
"""
_UNREAD = "SELECT count(*) AS unread FROM notifications WHERE user_id = $1 AND read_at IS NULL"
_READ = """
UPDATE notifications SET read_at = coalesce(read_at, now())
WHERE user_id = $1 AND ($2::uuid[] IS NULL OR notification_id = ANY($2::uuid[]))
  AND read_at IS NULL
"""
_SWEEP = "DELETE FROM notifications WHERE at < now() - $1::interval"
_POSITIONS = "SELECT topic, partition, next_offset FROM told_offsets"
_MOVE = """
INSERT INTO told_offsets (topic, partition, next_offset)
SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[])
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset
"""
# A webhook made a moment ago may be told of what ends now, whatever the clocks say.
_LISTENERS = """
SELECT webhook_id FROM webhooks
WHERE user_id = $1 AND enabled AND $2 = ANY(events)
  AND created_at <= $3::timestamptz + interval '1 minute'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Something a user is told."""

    notification_id: UUID
    user_id: UUID
    type: str
    data: Mapping[str, Any]
    at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotificationStore:
    """What users were told, and have read."""

    database: Database

    async def add(self, new: Notification) -> None:
        """Tell a user; nothing where it was told before."""
        data = to_json(dict(new.data)).decode()
        await self.database.run(_ADD, new.notification_id, new.user_id, new.type, data, new.at)

    async def page(
        self, user_id: UUID, *, unread: bool, after: After | None, limit: int
    ) -> list[Notification]:
        """Return what a user was told, newest first."""
        place = (after.created_at, after.id) if after else (None, None)
        rows = await self.database.rows(_PAGE, user_id, unread, *place, limit)
        return [Notification(**{**row, "data": from_json(row["data"])}) for row in rows]

    async def unread(self, user_id: UUID) -> int:
        """Return how many are not read."""
        row = await self.database.row(_UNREAD, user_id)
        return int(row["unread"]) if row else 0

    async def read(self, user_id: UUID, notification_ids: Sequence[UUID] | None) -> None:
        """Mark some as read; None: all."""
        ids = None if notification_ids is None else list(notification_ids)
        await self.database.run(_READ, user_id, ids)

    async def sweep(self, older_than: timedelta) -> None:
        """Forget what was told long ago."""
        await self.database.run(_SWEEP, older_than)

    async def listeners(self, user_id: UUID, type_: str, at: datetime) -> list[UUID]:
        """Return the webhooks that want to be told of something that happened then."""
        rows = await self.database.rows(_LISTENERS, user_id, type_, at)
        return [row["webhook_id"] for row in rows]

    async def positions(self, partitions: Collection[Partition]) -> dict[Partition, int]:
        """Return how far users were told of what these partitions say."""
        found = {
            (row["topic"], row["partition"]): row["next_offset"]
            for row in await self.database.rows(_POSITIONS)
        }
        return {place: found[place] for place in partitions if place in found}

    async def move(self, ends: Mapping[Partition, int]) -> None:
        """Note how far users were told."""
        topics, partitions = [place[0] for place in ends], [place[1] for place in ends]
        await self.database.run(_MOVE, topics, partitions, list(ends.values()))
