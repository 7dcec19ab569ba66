import pytest

from services.narrator.casting import voice_of
from shared.errors import InvalidRequestError
from shared.providers.tts import Speakers
from tests.support.builders import agent, script_adapted

ANYBODY = Speakers(("google", "espeak"))


def test_the_voice_that_is_named_speaks() -> None:
    event = script_adapted(voice="pt-BR-Wavenet-A")

    assert voice_of(event, agent(), ANYBODY).voice.id == "pt-BR-Wavenet-A"


def test_else_the_voice_of_the_agent_speaks() -> None:
    persona = agent(default_voices={"pt-BR": "pt-BR-Neural2-B"})

    assert voice_of(script_adapted(voice=None), persona, ANYBODY).voice.id == "pt-BR-Neural2-B"


@pytest.mark.parametrize(
    ("speakers", "family"), [(ANYBODY, "chirp3-hd"), (Speakers(("espeak",)), "espeak")]
)
def test_else_the_best_there_is_speaks(speakers: Speakers, family: str) -> None:
    assert voice_of(script_adapted(voice=None), agent(), speakers).voice.family == family


def test_why_somebody_was_chosen_is_said() -> None:
    choice = voice_of(script_adapted(voice=None, language="cy-GB"), agent(), ANYBODY)

    assert "google (does not speak cy-GB)" in choice.reason


def test_who_is_unwell_is_passed_over_unless_named() -> None:
    ill = Speakers(("google", "espeak"), {"google": "its circuit is open"})

    chosen = voice_of(script_adapted(voice=None), agent(), ill)
    named = voice_of(script_adapted(voice="pt-BR-Wavenet-A"), agent(), ill)

    assert chosen.voice.id == "espeak:pt-BR"
    assert "google (its circuit is open)" in chosen.reason
    assert (named.voice.id, named.reason) == ("pt-BR-Wavenet-A", "")


def test_a_voice_of_another_region_may_speak() -> None:
    event = script_adapted(language="pt-PT", voice="espeak:pt-BR")

    assert voice_of(event, agent(), ANYBODY).voice.language == "pt-BR"


def test_a_voice_of_another_language_may_not() -> None:
    event = script_adapted(language="pt-BR", voice="espeak:en-US")

    with pytest.raises(InvalidRequestError, match=r"'espeak:en-US' speaks en-US.*pt-BR"):
        voice_of(event, agent(), ANYBODY)


def test_a_language_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="'xx-YY'"):
        voice_of(script_adapted(language="xx-YY"), agent(), ANYBODY)


def test_a_voice_that_does_not_exist_is_refused_with_its_nearest() -> None:
    with pytest.raises(InvalidRequestError, match=r"nearest: .*pt-BR-Chirp3-HD-Kore"):
        voice_of(script_adapted(voice="pt-BR-Chirp3-HD-Core"), agent(), ANYBODY)
