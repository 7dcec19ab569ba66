from collections.abc import Collection

import pytest

from shared.providers import tts
from shared.quota.standing import Standing, Standings
from tests.support.builders import USER


async def test_the_environment_is_asked_once_for_each_set_of_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Collection[str]] = []
    owners: dict[str, frozenset[str]] = {}

    def configured(keyed: Collection[str]) -> tuple[str, ...]:
        asked.append(keyed)
        return ("tone", *keyed)

    async def now(_: Standings) -> Standing:
        return Standing(owners)

    monkeypatch.setattr(tts, "configured", configured)
    monkeypatch.setattr(Standings, "now", now)
    async with tts.presence("redis://127.0.0.1:1") as presence:
        before = [(await presence(USER)).providers for _ in range(3)]
        owners["openai"] = frozenset({str(USER)})
        after = (await presence(USER)).providers

    assert (before, after) == ([("tone",)] * 3, ("tone", "openai"))
    assert asked == [frozenset(), frozenset({"openai"})]
