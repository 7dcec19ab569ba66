"""Models that are made of settings, and closed with their test."""

from collections.abc import AsyncIterator, Callable

import pytest

from shared.providers import llm
from shared.providers.llm import LanguageModel


@pytest.fixture
async def make(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., LanguageModel]]:
    opened: list[LanguageModel] = []

    def make(provider: str, settings: dict[str, str]) -> LanguageModel:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        opened.append(llm.create(provider))
        return opened[-1]

    yield make
    for model in opened:
        await model.aclose()
