from pathlib import Path

import pytest

from shared.postgres.migrate import ChangedMigrationError, Migration, pending, read

FIRST = Migration("0001_pre_first.sql", "pre", "SELECT 1")
SECOND = Migration("0002_post_second.sql", "post", "SELECT 2")
THIRD = Migration("0003_pre_third.sql", "pre", "SELECT 3")


def test_the_projects_own_migrations_are_well_named() -> None:
    assert [migration.name for migration in read()][:1] == ["0001_pre_users_and_submissions.sql"]


@pytest.mark.parametrize("name", ["1_pre_x.sql", "0001_x.sql", "0001_pre_X.sql"])
def test_a_wrong_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1")

    with pytest.raises(ChangedMigrationError, match="NNNN_pre_what"):
        read(tmp_path)


def test_a_number_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "0001_pre_one.sql").write_text("SELECT 1")
    (tmp_path / "0001_pre_two.sql").write_text("SELECT 1")

    with pytest.raises(ChangedMigrationError, match="0001 is taken"):
        read(tmp_path)


def test_only_what_is_missing_is_applied() -> None:
    todo = pending([FIRST, SECOND], {FIRST.name: FIRST.sha256}, "all")

    assert todo == [SECOND]


def test_pre_stops_before_a_post_migration_that_is_not_applied() -> None:
    assert pending([FIRST, SECOND, THIRD], {}, "pre") == [FIRST]
    assert pending([FIRST, SECOND, THIRD], {SECOND.name: SECOND.sha256}, "pre") == [FIRST, THIRD]


def test_an_edited_migration_is_refused() -> None:
    with pytest.raises(ChangedMigrationError, match=r"0001_pre_first\.sql was edited"):
        pending([FIRST], {FIRST.name: "another hash"}, "all")


def test_a_database_of_newer_code_is_refused() -> None:
    with pytest.raises(ChangedMigrationError, match=r"0009_pre_future\.sql"):
        pending([FIRST], {"0009_pre_future.sql": "hash"}, "all")
