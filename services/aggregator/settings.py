"""What aggregator can be told from outside."""

from pydantic import Field

from shared.runtime import CommonSettings


class Settings(CommonSettings):
    """Where its database is, and how much at once."""

    database_url: str = Field(
        default="postgresql://localhost:5432/bolt", description="PostgreSQL, as a URL."
    )
    release_window: int = Field(
        default=1_000, ge=1, description="Jobs in flight at once, of all users together."
    )
    fold_records: int = Field(
        default=10_000, ge=1, le=50_000, description="The most records folded in one transaction."
    )
    purge_hours: int = Field(
        default=24,
        ge=1,
        description="How long objects of deleted batches stay in the store at least.",
    )
    job_log_days: int = Field(default=14, ge=1, description="How long a job's log is kept.")
