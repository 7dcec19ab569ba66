import asyncio
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import aioboto3
import asyncpg
import pytest
from typer.testing import CliRunner

from cli.main import app
from deploy.local import s3 as s3_server
from deploy.local.service_environment import Endpoints
from services.gateway.passwords import Passwords
from services.gateway.store.database import Database
from services.gateway.store.users import UserStore
from shared.postgres import open_pool
from shared.postgres.backup import back_up, restore
from shared.postgres.migrate import MIGRATIONS, migrate
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.lived_in import everything, lived_in, run
from tests.support.rebuilds import WrittenLog, rebuild
from tests.support.written import rows_of

pytestmark = pytest.mark.connected
FOLDED = {"batches", "jobs", "usage", "deleted_batches", "consumer_offsets", "job_log"}


async def test_everything_comes_back_as_it_was(
    database_url: str, new_url: str, tmp_path: Path
) -> None:
    await lived_in(database_url)
    before = await everything(database_url)
    file = tmp_path / "everything.bolt"

    taken = await back_up(database_url, file, everything=True)
    restored, migrations = await restore(new_url, file)

    assert await everything(new_url) == before
    assert taken == restored
    assert migrations == []
    assert {table for table, rows in before.items() if rows} >= {"jobs", "users", "agents"}
    assert file.stat().st_mode & 0o777 == 0o600


async def test_what_the_log_gives_again_is_left_to_a_rebuild(
    database_url: str, new_url: str, tmp_path: Path
) -> None:
    log = await lived_in(database_url)
    before = await everything(database_url)
    async with open_aggregator(database_url) as live:
        state = await rows_of(live)
    file = tmp_path / "accounts.bolt"

    taken = await back_up(database_url, file)
    await restore(new_url, file)
    restored = await everything(new_url)
    async with open_aggregator(new_url) as live:
        async with rebuild(new_url, live, WrittenLog(log.written)) as work:
            await work.run()
        rebuilt = await rows_of(live)
    async with open_pool(new_url) as pool:
        known = await UserStore(Database(pool)).credentials("ana@example.com")

    assert {table.name for table in taken.tables} & FOLDED == set()
    assert {name: rows for name, rows in restored.items() if name in FOLDED and rows} == {}
    for table in taken.tables:
        assert restored[table.name] == before[table.name]
    assert _folded(rebuilt) == _folded(state)
    assert known is not None
    assert await Passwords(at_once=1).matches("correct horse", known.password_hash)


async def test_an_older_schema_is_brought_up_to_date(
    database_url: str, new_url: str, servers: Endpoints, tmp_path: Path
) -> None:
    older = sorted(MIGRATIONS.glob("*.sql"))[:-3]
    (tmp_path / "older").mkdir()
    for path in older:
        shutil.copy(path, tmp_path / "older")
    await migrate(new_url, folder=tmp_path / "older")
    await run(new_url, "INSERT INTO users VALUES (gen_random_uuid(), 'bia@example.com', 'h')")
    file = tmp_path / "old.bolt"
    await back_up(new_url, file)

    _, applied = await restore(database_url, file)

    assert applied == [path.name for path in sorted(MIGRATIONS.glob("*.sql"))[-3:]]
    assert await migrate(database_url) == []
    assert len((await everything(database_url))["users"]) == 1


async def test_one_moment_is_backed_up_while_everything_goes_on(
    database_url: str, new_url: str, tmp_path: Path
) -> None:
    ended = asyncio.Event()

    async def sign_up() -> None:
        connection, number = await asyncpg.connect(database_url), 0
        while not ended.is_set():
            number += 1
            await connection.execute(
                "WITH u AS (INSERT INTO users VALUES (gen_random_uuid(), $1, 'h')"
                " RETURNING user_id)"
                " INSERT INTO audit_log (actor_id, action) SELECT user_id, 'made' FROM u",
                f"user-{number}@example.com",
            )
        await connection.close()

    signing_up = asyncio.create_task(sign_up())
    await asyncio.sleep(0.2)
    taken = await back_up(database_url, tmp_path / "backup")
    ended.set()
    await signing_up
    await restore(new_url, tmp_path / "backup")

    rows = {table.name: table.rows for table in taken.tables}
    assert rows["users"] == rows["audit_log"] > 0
    assert len((await everything(new_url))["users"]) == rows["users"]


async def test_a_backup_lies_in_a_bucket_and_comes_back(
    servers: Endpoints,
    database_url: str,
    new_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bucket = f"test-{uuid4().hex}"
    session = aioboto3.Session(s3_server.ACCESS_KEY, s3_server.SECRET_KEY)
    async with session.client("s3", endpoint_url=servers.s3, region_name="us-east-1") as client:
        await client.create_bucket(Bucket=bucket)
    await lived_in(database_url)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "S3_ENDPOINT_URL": servers.s3,
        "S3_ACCESS_KEY_ID": s3_server.ACCESS_KEY,
        "S3_SECRET_ACCESS_KEY": s3_server.SECRET_KEY,
    }.items():
        monkeypatch.setenv(name, value)

    where = f"s3://{bucket}/backups/today"
    taken = await bolt("backup", where, database_url, monkeypatch)
    restored = await bolt("restore", where, new_url, monkeypatch)
    twice = await bolt("restore", where, new_url, monkeypatch)
    nowhere = await bolt("restore", f"s3://{bucket}/none", new_url, monkeypatch)

    assert (taken.exit_code, restored.exit_code) == (0, 0), taken.output + restored.output
    assert "next: bolt rebuild" in restored.output
    assert (twice.exit_code, nowhere.exit_code) == (1, 1)
    assert "not empty" in twice.output
    assert "no object 'none'" in nowhere.output
    assert (await everything(new_url))["users"] == (await everything(database_url))["users"]


async def bolt(command: str, where: str, url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", url)
    return await asyncio.to_thread(CliRunner().invoke, app, [command, where])


def _folded(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    # How far watchers were told, and the order of arrival, are not in this log.
    untold = {"seq", "published_seq", "dirty", "endings", "announced_ending", "position"}
    return {
        table: [{name: row[name] for name in row.keys() - untold} for row in rows[table]]
        for table in ("batches", "jobs", "usage", "deleted_batches", "parked_jobs")
    }
