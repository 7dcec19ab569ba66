"""PostgreSQL: its version, its schema, its clock."""

from datetime import UTC, datetime

from cli.diagnosis.findings import Finding, bad, fine, poor
from cli.diagnosis.machine import clock
from shared.errors import UnavailableError
from shared.postgres import migrate

PART = "postgres"
OLDEST, NEWEST = 15, 18


async def check() -> list[Finding]:
    """Look at the server and at what is applied of the migrations."""
    settings = migrate.Settings()
    try:
        state = await migrate.state(settings.database_url)
    except UnavailableError as error:
        return [bad(PART, str(error), "check DATABASE_URL, and whether the server runs")]
    found = [_version(state.version), clock(PART, state.now, datetime.now(UTC))]
    if state.pending:
        names = ", ".join(state.pending)
        found.append(bad(PART, f"not applied yet: {names}", "run bolt migrate"))
    else:
        found.append(fine(PART, f"{state.applied} migrations applied, none waits"))
    return found


def _version(version: int) -> Finding:
    if version < OLDEST:
        return bad(PART, f"PostgreSQL {version}", f"use {OLDEST} to {NEWEST}")
    if version > NEWEST:
        return poor(PART, f"PostgreSQL {version}", f"tested with {OLDEST} to {NEWEST}")
    return fine(PART, f"PostgreSQL {version}")
