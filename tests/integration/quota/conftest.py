"""A ledger of its own for every test."""

from collections.abc import AsyncIterator

import pytest

from tests.support.ledger import Desk


@pytest.fixture
async def desk(redis_url: str) -> AsyncIterator[Desk]:
    desk = Desk(redis_url)
    yield desk
    await desk.ledger.aclose()
