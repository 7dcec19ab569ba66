"""The tables `webhook_deliveries` and `webhook_tries`: what was sent, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.gateway.cursors import After
from services.gateway.store.database import Database

_ADD = """
INSERT INTO webhook_deliveries (delivery_id, webhook_id, type, body)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
# A webhook that is slow holds its own few, and nobody else's.
_TAKE = """
WITH waiting AS (
    SELECT w.webhook_id,
           (SELECT count(*) FROM webhook_deliveries h WHERE h.webhook_id = w.webhook_id
              AND h.state = 'pending' AND h.held_until > now()) AS held
    FROM webhooks w
    WHERE w.enabled AND EXISTS (SELECT FROM webhook_deliveries d
        WHERE d.webhook_id = w.webhook_id AND d.state = 'pending' AND d.next_at <= now())
), due AS (
    SELECT d.delivery_id FROM waiting w
    CROSS JOIN LATERAL (
        SELECT delivery_id FROM webhook_deliveries d
        WHERE d.webhook_id = w.webhook_id AND d.state = 'pending' AND d.next_at <= now()
          AND (d.held_until IS NULL OR d.held_until <= now())
        ORDER BY d.next_at LIMIT greatest(0, $1 - w.held)
        FOR NO KEY UPDATE SKIP LOCKED
    ) d
    ORDER BY w.held LIMIT $2
)
UPDATE webhook_deliveries d SET held_until = now() + $3::interval, tries = tries + 1
FROM due, webhooks w WHERE d.delivery_id = due.delivery_id AND w.webhook_id = d.webhook_id
RETURNING d.delivery_id, d.webhook_id, d.body, d.tries, w.url
"""
_TRIED = """
INSERT INTO webhook_tries (delivery_id, status, latency_ms, error, excerpt)
SELECT $1, $2, $3, $4, $5
WHERE EXISTS (SELECT FROM webhook_deliveries WHERE delivery_id = $1)
"""
_SETTLE = """
UPDATE webhook_deliveries SET
    state = $2, held_until = NULL, next_at = coalesce(now() + $3::interval, next_at),
    delivered_at = CASE WHEN $2 = 'delivered' THEN now() ELSE delivered_at END
WHERE delivery_id = $1
"""
_COLUMNS = """d.delivery_id, d.webhook_id, d.type, d.body, d.state, d.tries,
    CASE WHEN d.state = 'pending' THEN d.next_at END AS next_at, d.created_at, d.delivered_at"""
_MINE = "webhook_deliveries d JOIN webhooks w USING (webhook_id) WHERE w.user_id = $1"
_PAGE = f"""
SELECT {_COLUMNS} FROM {_MINE} AND d.webhook_id = $2 AND ($3::text IS NULL OR d.state = $3)
  AND ($4::timestamptz IS NULL OR (d.created_at, d.delivery_id) < ($4, $5::uuid))
ORDER BY d.created_at DESC, d.delivery_id DESC LIMIT $6
"""  # noqa: S608 - columns are our own, here and below
_GET = f"SELECT {_COLUMNS} FROM {_MINE} AND d.webhook_id = $2 AND d.delivery_id = $3"  # noqa: S608 - as above
_TRIES = """
SELECT at, status, latency_ms, error, excerpt FROM webhook_tries
WHERE delivery_id = $1 ORDER BY at
"""
_AGAIN = """
UPDATE webhook_deliveries SET state = 'pending', tries = 0, next_at = now(), held_until = NULL
WHERE delivery_id = $1
"""
_SWEEP = "DELETE FROM webhook_deliveries WHERE created_at < now() - $1::interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message to one webhook."""

    delivery_id: UUID
    webhook_id: UUID
    type: str
    body: str
    state: str
    tries: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A message that is to be sent now."""

    delivery_id: UUID
    webhook_id: UUID
    body: str
    tries: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What one sending came to.

    Attributes:
        status: What the receiver answered; None where it did not.
        error: Why it did not, in words.
        excerpt: How its answer began.
    """

    status: int | None
    latency_ms: int
    error: str | None = None
    excerpt: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryStore:
    """Messages, and where they stand."""

    database: Database

    async def add(self, webhook_id: UUID, delivery_id: UUID, type_: str, body: str) -> None:
        """Have a message sent; nothing where it was added before."""
        await self.database.run(_ADD, delivery_id, webhook_id, type_, body)

    async def take(self, *, per_webhook: int, limit: int, hold: timedelta) -> list[Due]:
        """Return what is due, and hold it."""
        rows = await self.database.rows(_TAKE, per_webhook, limit, hold)
        return [Due(**row) for row in rows]

    async def tried(self, delivery_id: UUID, tried: Try) -> None:
        """Add to the log of a message."""
        await self.database.run(
            _TRIED, delivery_id, tried.status, tried.latency_ms, tried.error, tried.excerpt
        )

    async def settle(self, delivery_id: UUID, state: str, *, again: timedelta | None) -> None:
        """Give a message back: delivered, failed, or pending until `again` has passed."""
        await self.database.run(_SETTLE, delivery_id, state, again)

    async def page(
        self, user_id: UUID, webhook_id: UUID, state: str | None, after: After | None, limit: int
    ) -> list[Delivery]:
        """Return messages to a webhook, newest first."""
        place = (after.created_at, after.id) if after else (None, None)
        rows = await self.database.rows(_PAGE, user_id, webhook_id, state, *place, limit)
        return [Delivery(**row) for row in rows]

    async def get(self, user_id: UUID, webhook_id: UUID, delivery_id: UUID) -> Delivery | None:
        """Return one, or None where it is not there or not this user's."""
        row = await self.database.row(_GET, user_id, webhook_id, delivery_id)
        return Delivery(**row) if row else None

    async def tries(self, delivery_id: UUID) -> list[Try]:
        """Return what its sendings came to, the oldest first."""
        return [Try(**row) for row in await self.database.rows(_TRIES, delivery_id)]

    async def again(self, delivery_id: UUID) -> None:
        """Have a message sent once more, under the same id."""
        await self.database.run(_AGAIN, delivery_id)

    async def sweep(self, older_than: timedelta) -> None:
        """Forget old messages and their log."""
        await self.database.run(_SWEEP, older_than)
