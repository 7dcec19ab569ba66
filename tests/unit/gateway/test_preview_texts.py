import pytest

from services.gateway.previews import text_of
from shared import catalogue
from shared.catalogue.gate import judge


@pytest.mark.parametrize("language", [each.code for each in catalogue.languages()])
async def test_what_a_voice_says_of_itself_passes_the_gate_of_its_language(language: str) -> None:
    verdict = await judge(text_of(language), language)

    assert verdict.reads_as == ""
