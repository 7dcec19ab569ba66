from pathlib import Path

import pytest

from shared.errors import InvalidRequestError
from shared.postgres.backup.schema import folded
from shared.postgres.migrate import read
from shared.providers import storage


def test_what_the_log_gives_again_is_what_the_aggregator_owns() -> None:
    again = folded(read())

    assert again >= {"batches", "jobs", "usage", "parked_jobs", "deleted_batches"}
    assert not again & {"users", "api_keys", "agents", "submissions", "deletions", "audit_log"}


@pytest.mark.parametrize("url", ["s3://", "s3://bucket", "s3://bucket/", "https://x/y", "file"])
async def test_an_address_names_a_bucket_and_a_key(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match=r"give s3://bucket/key"):
        await storage.download(url, tmp_path / "file")
