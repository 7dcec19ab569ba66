import asyncpg
import pytest

from shared.errors import UnavailableError
from shared.postgres import open_pool, outages

pytestmark = pytest.mark.connected


async def test_json_comes_back_as_it_went_in(database_url: str) -> None:
    async with open_pool(database_url) as pool:
        value = await pool.fetchval("SELECT $1::jsonb", {"languages": ["pt-BR"], "n": 1})

    assert value == {"languages": ["pt-BR"], "n": 1}


async def test_opens_while_the_server_is_away() -> None:
    async with open_pool("postgresql://postgres@127.0.0.1:1/bolt") as pool:
        with pytest.raises(UnavailableError), outages():
            await pool.fetchval("SELECT 1")


async def test_a_lost_connection_is_an_outage(database_url: str) -> None:
    async with open_pool(database_url) as pool:
        with pytest.raises(UnavailableError), outages():
            await pool.execute("SELECT pg_terminate_backend(pg_backend_pid())")


async def test_a_wrong_value_is_no_outage(database_url: str) -> None:
    async with open_pool(database_url) as pool:
        with pytest.raises(asyncpg.DataError), outages():
            await pool.execute("SELECT $1::int", "not a number")

        with pytest.raises(asyncpg.DataError), outages():
            await pool.execute("SELECT $1::text::jsonb", '{"a": "\\u0000"}')
