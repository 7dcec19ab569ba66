"""A pool of connections, set up the same way in every service."""

import json
from typing import Any

import asyncpg

CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 60.0
# Connections are opened anew after this long without use, so that a failover is noticed.
IDLE_SECONDS = 300.0


def open_pool(
    url: str, *, name: str = "bolt", size: int = 10, schema: str | None = None
) -> asyncpg.Pool:
    """Return a pool that opens with `async with` (or `await`); call it in a running loop.

    Opening it needs no server: it connects with the first statement, so a service starts
    while its database is still away.

    Args:
        url: As in DATABASE_URL.
        name: What the server's administrator sees.
        size: The most connections at once.
        schema: Where tables are looked for first.
    """
    return asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        timeout=CONNECT_SECONDS,
        command_timeout=COMMAND_SECONDS,
        max_inactive_connection_lifetime=IDLE_SECONDS,
        init=_set_up,
        server_settings={
            "application_name": name,
            # Compiling our short statements costs more than running them.
            "jit": "off",
            "timezone": "UTC",
            # A process that stops answering in a transaction must not hold its locks for ever.
            "idle_in_transaction_session_timeout": "120s",
            **({"search_path": f"{schema}, public"} if schema else {}),
        },
    )


async def _set_up(connection: Any) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
        )
