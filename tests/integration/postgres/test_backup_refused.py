import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared.postgres.backup import BackupError, back_up, restore
from shared.postgres.migrate import migrate
from tests.support.lived_in import everything, lived_in, run

pytestmark = pytest.mark.connected


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
