import asyncio
from pathlib import Path

import asyncpg
import pytest

from shared.errors import UnavailableError
from shared.postgres.migrate import ChangedMigrationError, migrate

pytestmark = pytest.mark.connected


async def test_repeating_it_changes_nothing(database_url: str) -> None:
    assert await migrate(database_url) == []


async def test_processes_that_start_at_once_apply_each_migration_once(
    database_url: str, tmp_path: Path
) -> None:
    folder = await _known_and(
        tmp_path, database_url, "0900_pre_new.sql", "CREATE TABLE new (x int)"
    )

    applied = await asyncio.gather(*(migrate(database_url, folder=folder) for _ in range(4)))

    assert sorted(len(names) for names in applied) == [0, 0, 0, 1]


async def test_a_migration_is_applied_whole_or_not_at_all(
    database_url: str, tmp_path: Path
) -> None:
    sql = "CREATE TABLE half (x int); SELECT 1 / 0;"
    folder = await _known_and(tmp_path, database_url, "0900_pre_half.sql", sql)

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(database_url, folder=folder)

    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT to_regclass('half')") is None
    await connection.close()


async def test_an_edited_migration_is_refused(database_url: str, tmp_path: Path) -> None:
    folder = await _known_and(tmp_path, database_url, "0900_pre_new.sql", "SELECT 1")
    await migrate(database_url, folder=folder)

    (folder / "0900_pre_new.sql").write_text("SELECT 2")

    with pytest.raises(ChangedMigrationError, match=r"0900_pre_new\.sql was edited"):
        await migrate(database_url, folder=folder)


async def test_says_that_the_server_is_away() -> None:
    with pytest.raises(UnavailableError, match="PostgreSQL"):
        await migrate("postgresql://postgres@127.0.0.1:1/bolt", wait_seconds=0)


async def _known_and(folder: Path, url: str, name: str, sql: str) -> Path:
    connection = await asyncpg.connect(url)
    await connection.execute("TRUNCATE schema_migrations")
    await connection.close()
    (folder / name).write_text(sql)
    return folder
