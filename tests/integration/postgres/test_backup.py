import asyncio
import json
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

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
from shared.postgres.backup import BackupError, back_up, restore
from shared.postgres.backup import schema as backup_schema
from shared.postgres.migrate import MIGRATIONS, migrate
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import batch_request, batch_submitted
from tests.support.lives import life_of
from tests.support.rebuilds import WrittenLog, rebuild
from tests.support.written import Writer, order, rows_of

pytestmark = pytest.mark.connected

NOT_DATA = {"schema_migrations"}
FOLDED = {"batches", "jobs", "usage", "deleted_batches", "consumer_offsets", "job_log"}


@pytest.fixture
async def new_url(servers: Endpoints) -> AsyncIterator[str]:
    """A database with nothing in it."""
    base, _, _ = servers.database_url.rpartition("/")
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(servers.database_url)
    await admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{base}/{name}"
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


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


async def test_a_database_with_rows_is_replaced_only_where_that_is_meant(
    database_url: str, new_url: str, tmp_path: Path
) -> None:
    await lived_in(database_url)
    file = tmp_path / "backup"
    await back_up(database_url, file)
    await migrate(new_url)
    await run(new_url, "INSERT INTO users VALUES (gen_random_uuid(), 'bia@example.com', 'h')")
    kept = await everything(new_url)

    with pytest.raises(BackupError, match=r"not empty: there are rows in users; .* --force"):
        await restore(new_url, file)
    refused = await everything(new_url)
    await restore(new_url, file, force=True)

    assert refused == kept
    assert (await everything(new_url))["users"] == (await everything(database_url))["users"]


async def test_a_database_in_use_is_left_alone(
    database_url: str, new_url: str, tmp_path: Path
) -> None:
    await back_up(database_url, tmp_path / "backup")
    service = await asyncpg.connect(new_url, server_settings={"application_name": "gateway"})

    with pytest.raises(BackupError, match="in use by gateway: stop"):
        await restore(new_url, tmp_path / "backup", force=True)

    await service.close()


@pytest.mark.parametrize("at", [0.3, 0.6, 0.95])
async def test_a_damaged_file_changes_nothing(
    database_url: str, new_url: str, tmp_path: Path, at: float
) -> None:
    await lived_in(database_url)
    whole = tmp_path / "backup"
    await back_up(database_url, whole, everything=True)
    data = bytearray(whole.read_bytes())
    cut, flipped = tmp_path / "cut", tmp_path / "flipped"
    cut.write_bytes(data[: int(len(data) * at)])
    for place in range(int(len(data) * at), int(len(data) * at) + 64):
        data[place] ^= 0xFF
    flipped.write_bytes(data)

    for damaged in (cut, flipped):
        with pytest.raises(BackupError, match=r"damaged|its end is missing|is no backup|missing"):
            await restore(new_url, damaged)

    assert set(await everything(new_url)) == {"sequences"}


async def test_what_newer_code_wrote_is_refused(
    database_url: str, new_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    await back_up(database_url, file)
    with changed(file) as manifest:
        manifest["migrations"].append({"name": "9999_pre_later.sql", "sha256": "00"})
    newer_schema = str(file)
    later = tmp_path / "later"
    await back_up(database_url, later)
    with changed(later) as manifest:
        manifest["format"] = 2

    with pytest.raises(BackupError, match=r"newer code: its schema has 9999_pre_later\.sql"):
        await restore(new_url, Path(newer_schema))
    with pytest.raises(BackupError, match="format 2, and this code reads 1"):
        await restore(new_url, later)
    with pytest.raises(BackupError, match="no such file"):
        await restore(new_url, tmp_path / "nowhere")


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


@contextmanager
def changed(file: Path) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(entries["manifest.json"])
    yield manifest
    entries["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def _folded(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    # How far watchers were told, and the order of arrival, are not in this log.
    untold = {"seq", "published_seq", "dirty", "endings", "announced_ending", "position"}
    return {
        table: [{name: row[name] for name in row.keys() - untold} for row in rows[table]]
        for table in ("batches", "jobs", "usage", "deleted_batches", "parked_jobs")
    }
