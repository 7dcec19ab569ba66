"""A table has one owner, named above its CREATE TABLE; only services it names may read it."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "shared/postgres/migrations").glob("*.sql"))
OWNED = re.compile(r"-- owner: (\w+)\n(?:-- readers: ([\w, ]+)\n)?CREATE TABLE (\w+)")
TABLES = [found for sql in MIGRATIONS for found in OWNED.findall(sql.read_text())]


@cache
def tables_after(words: str) -> dict[str, set[str]]:
    """Return which services say one of `words` of each table."""
    pattern = re.compile(rf"\b(?:{words})\s+(\w+)")
    said: dict[str, set[str]] = defaultdict(set)
    for path in ROOT.glob("services/**/*.py"):
        for table in pattern.findall(path.read_text()):
            said[table].add(path.relative_to(ROOT).parts[1])
    return said


def services_that(words: str, table: str) -> set[str]:
    return tables_after(words).get(table, set())


def test_every_table_names_its_owner() -> None:
    created = sum(sql.read_text().count("CREATE TABLE") for sql in MIGRATIONS)
    assert created == len(TABLES) > 0


@pytest.mark.parametrize(("owner", "readers", "table"), TABLES)
def test_only_the_owner_writes_it(owner: str, readers: str, table: str) -> None:
    assert services_that("INTO|UPDATE|DELETE FROM|COPY", table) <= {owner}


@pytest.mark.parametrize(("owner", "readers", "table"), TABLES)
def test_only_its_readers_read_it(owner: str, readers: str, table: str) -> None:
    allowed = {owner, *(name.strip() for name in readers.split(",") if name)}
    assert services_that("FROM|JOIN", table) <= allowed
