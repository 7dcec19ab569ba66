"""PostgreSQL plumbing: a pool, one kind of outage, migrations. No table is read here."""

from shared.postgres.outage import AWAY, outages
from shared.postgres.pool import open_pool

__all__ = ["AWAY", "open_pool", "outages"]
