"""A narrator, fresh for every test."""

from collections.abc import AsyncIterator

import pytest

from services.narrator.cast import Cast
from shared.providers import tts
from tests.support.narrator import Room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with Cast(tts.create) as cast:
        yield Room(cast)
