"""All that tells users, and somebody who is told."""

from collections.abc import AsyncIterator

import pytest

from tests.support.hooks import Receiver, receiver
from tests.support.telling import Told, telling


@pytest.fixture
async def told(database_url: str) -> AsyncIterator[Told]:
    async with telling(database_url) as opened:
        yield opened


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as opened:
        yield opened
