from typing import Any

import pytest
from google.genai.errors import APIError

from shared.vendors.gemini.failures import translate


def limited(message: str, *details: dict[str, Any]) -> APIError:
    error = {"status": "RESOURCE_EXHAUSTED", "message": message, "details": list(details)}
    return APIError(429, {"error": error})


@pytest.mark.parametrize(
    ("error", "delay"),
    [
        (limited("Quota exceeded.", {"retryDelay": "34.07s"}), 34.07),
        (limited("Quota exceeded. Please retry in 7.5s."), 7.5),
        (limited("Please retry in 7.5s.", {"retryDelay": "34.07s"}), 34.07),
        (limited("Quota exceeded."), None),
    ],
)
def test_a_limit_lasts_as_long_as_it_says(error: APIError, delay: float | None) -> None:
    assert translate(error, secret="one").verdict.retry_after == delay


def test_no_key_shows_in_what_is_said() -> None:
    said = str(translate(limited("one? AIzaSyD-1234567890 key=other&x"), secret="one"))

    assert said == "gemini 429 RESOURCE_EXHAUSTED: ***? *** key=***&x"
