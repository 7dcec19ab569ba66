"""A database in which somebody worked, and what is in one."""

from typing import Any
from uuid import UUID

import asyncpg

from services.gateway.passwords import Passwords
from services.gateway.store.database import Database
from services.gateway.store.users import UserStore
from shared.postgres import open_pool
from shared.postgres.backup import schema as backup_schema
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import batch_request, batch_submitted
from tests.support.lives import life_of
from tests.support.rebuilds import WrittenLog
from tests.support.written import Writer, order


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for sql in statements:
        await connection.execute(sql)
    await connection.close()


async def everything(url: str) -> dict[str, list[Any]]:
    connection = await asyncpg.connect(url)
    found = {}
    for table in await backup_schema.tables(connection):
        sql = f"SELECT t::text AS row FROM {table} t ORDER BY 1"  # noqa: S608 - our own
        found[table] = [row["row"] for row in await connection.fetch(sql)]
    found["sequences"] = sorted((await backup_schema.sequences(connection)).items())
    await connection.close()
    return found


async def lived_in(url: str) -> WrittenLog:
    """A database in which somebody worked, and the log of that."""
    request = batch_request(titles=("O segredo das abelhas", "A cidade"), name="Bees")
    gone, done = UUID(int=0xE0), UUID(int=0xE1)
    async with open_aggregator(url) as live:
        writer = Writer(live)
        await writer.write(
            [batch_submitted(batch_id=each, request=request) for each in (gone, done)]
        )
        await writer.release()
        await writer.write(life_of(UUID(int=0xE2), UUID(int=0xE3)))
        await writer.write([order(gone, "delete")])
        await live.remove_all()
    async with open_pool(url) as pool:
        hashed = await Passwords(at_once=1).hash("correct horse")
        user = await UserStore(Database(pool)).add("ana@example.com", hashed)
        assert user is not None
        for sql in (
            "INSERT INTO agents (agent_id, user_id, name, content)"
            """ SELECT gen_random_uuid(), $1, E'tab\\tand \\\\ line\\n', '{"name": "ação"}'""",
            "INSERT INTO api_keys (key_id, user_id, name, prefix, secret_sha256, scopes)"
            " SELECT gen_random_uuid(), $1, 'ci', 'p', '\\x00ff', '{read,write}'",
            "INSERT INTO audit_log (actor_id, action) SELECT $1, 'user.promote'",
            "INSERT INTO provider_keys (key_id, user_id, provider, project, identity, sealed)"
            " SELECT gen_random_uuid(), $1, 'gemini', 'p', 'i', 'sealed'",
        ):
            await pool.execute(sql, user.user_id)
    return writer.log
