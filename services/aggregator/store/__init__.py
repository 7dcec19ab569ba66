"""The aggregator's tables and all their SQL: batches, jobs, job_log, consumer_offsets.

Rows are always locked in one order, so that folds of several replicas never wait for each
other in a circle: offsets, then deleted batches, new batches, new jobs, jobs, batches; each in
order of id.
"""

from services.aggregator.store.database import Connection, Database

__all__ = ["Connection", "Database"]
