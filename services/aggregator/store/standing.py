"""How many jobs of open batches are in each state, and how long the oldest takes."""

from services.aggregator.store.database import Connection
from shared.vocabulary import TERMINAL_JOB_STATES, JobState

OPEN = tuple(state for state in JobState if state not in TERMINAL_JOB_STATES)

# Only open batches, which are few; their counters save counting their jobs.
_READ = f"""
SELECT {", ".join(f"coalesce(sum({state}), 0) AS {state}" for state in OPEN)},
       coalesce(extract(epoch FROM now() - min(coalesce(started_at, created_at))
           FILTER (WHERE NOT paused AND waiting + in_flight > 0)), 0) AS oldest
FROM batches WHERE completed_at IS NULL
"""  # noqa: S608 - the names of our own states


async def read(connection: Connection) -> tuple[dict[str, int], float]:
    """Return the jobs by state, and the seconds since the oldest batch began that may run."""
    row = await connection.fetchrow(_READ)
    if row is None:
        return {}, 0.0
    return {state: int(row[state]) for state in OPEN}, float(row["oldest"])
