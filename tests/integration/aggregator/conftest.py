from collections.abc import AsyncIterator

import pytest

from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator


@pytest.fixture
async def aggregator(database_url: str) -> AsyncIterator[Aggregator]:
    async with open_aggregator(database_url) as opened:
        yield opened
