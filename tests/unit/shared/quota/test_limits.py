import pytest
from pydantic import ValidationError

from shared.quota.limits import Limits, limits_of


@pytest.mark.parametrize(
    ("provider", "model", "rpm"),
    [
        ("google", "chirp3-hd", 200),
        ("google", "neural2", 1_000),
        ("google", "classic", 1_000),
        ("google", "gemini-2.5-flash-tts", 150),
        ("google", "gemini-2.5-pro-tts", 125),
        ("gemini", "gemini-3.8-flash", 200),
        ("unknown", "any", 0),
    ],
)
def test_defaults_are_what_the_provider_publishes(provider: str, model: str, rpm: int) -> None:
    assert limits_of({}, provider=provider, model=model).rpm == rpm


def test_settings_come_first_and_may_name_a_project() -> None:
    given = {"gemini/*@paid": Limits(rpm=1_000), "gemini/*flash": Limits(rpm=5)}

    found = [
        limits_of(given, provider="gemini", model="gemini-3.8-flash", project=project).rpm
        for project in ("paid", "free")
    ]

    assert found == [1_000, 5]


@pytest.mark.parametrize("rpm", [1, 5, 60, 200, 1_000])
def test_no_window_can_hold_more_than_is_allowed(rpm: int) -> None:
    limits = Limits(rpm=rpm)

    most = int((limits.window_seconds + limits.catch_up) / limits.interval) + 1

    assert most <= rpm
    assert limits.window_seconds / limits.interval >= 0.95 * rpm


def test_a_misspelt_limit_is_an_error() -> None:
    with pytest.raises(ValidationError):
        Limits(rmp=5)  # type: ignore[call-arg]  # that is the test
