import pytest

from shared.catalogue import prices
from shared.vocabulary import Usage


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        pytest.param(
            Usage(provider="gemini", model="gemini-3.8-flash", input_tokens=2_000_000),
            1.5,
            id="tokens in",
        ),
        pytest.param(
            Usage(provider="gemini", model="gemini-3.8-flash-001", output_tokens=1_000_000),
            3.75,
            id="a dated model is the model",
        ),
        pytest.param(
            Usage(provider="gemini", model="gemini-3.8-flash-tts", output_tokens=1_000_000),
            9.0,
            id="the longest name wins",
        ),
        pytest.param(
            Usage(provider="google", model="chirp3-hd", characters=1_000_000), 30.0, id="characters"
        ),
        pytest.param(Usage(provider="espeak", model="espeak-ng", characters=999), 0.0, id="free"),
        pytest.param(Usage(provider="nobody", model="x", calls=5), 0.0, id="unknown"),
    ],
)
def test_costs_what_the_sheet_says(usage: Usage, dollars: float) -> None:
    assert prices.cost(usage) == pytest.approx(dollars)
