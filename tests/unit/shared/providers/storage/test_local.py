from pathlib import Path

import pytest

from shared.errors import InvalidRequestError
from shared.providers.storage.local import LocalStorage


@pytest.mark.parametrize("key", ["../x", "a/../../x", "/etc/passwd", "", "a/b.json~"])
async def test_no_key_leads_out_of_the_store_or_to_a_description(tmp_path: Path, key: str) -> None:
    async with LocalStorage(tmp_path / "store") as storage:
        with pytest.raises(InvalidRequestError, match="not a key"):
            await storage.get(key)


async def test_what_is_put_is_found_again(tmp_path: Path) -> None:
    async with LocalStorage(tmp_path) as storage:
        stored = await storage.put("script/ab/abc", b"Hello", media_type="text/plain")

        assert await storage.get("script/ab/abc") == b"Hello"
        assert await storage.head("script/ab/abc") == stored
