"""A Gemini that runs here."""

from collections.abc import Callable, Iterator

import pytest

from shared.providers.llm import LanguageModel
from tests.support.gemini import answer
from tests.support.llm import Connect
from tests.support.provider_http import Endpoint, serving


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with serving(answer) as server:
        yield server


@pytest.fixture
def connect(server: Endpoint, make: Callable[..., LanguageModel]) -> Connect:
    def connect(keys: str, **settings: str) -> LanguageModel:
        return make("gemini", {"GEMINI_BASE_URL": server.url, "GEMINI_API_KEYS": keys} | settings)

    return connect
