import pytest

from services.adapter.settings import Settings as AdapterSettings
from services.narrator.settings import Settings as NarratorSettings


def test_each_stage_may_try_differently_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "5")
    monkeypatch.setenv("NARRATOR_MAX_ATTEMPTS", "9")

    assert NarratorSettings().attempts == 9
    assert AdapterSettings().attempts == 5
