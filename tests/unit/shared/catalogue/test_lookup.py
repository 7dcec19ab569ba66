import dataclasses
import json
from collections import Counter

import pytest

from shared import catalogue, providers
from shared.catalogue import lookup
from shared.errors import InvalidRequestError
from shared.providers import tts


@pytest.mark.parametrize("code", ["pt-BR", "pt-br", "PT-BR"])
def test_finds_a_language_in_whatever_case(code: str) -> None:
    assert catalogue.language(code).code == "pt-BR"


def test_finds_a_language_by_the_other_code_people_write() -> None:
    assert catalogue.language("zh-CN").code == "cmn-CN"


def test_an_unknown_language_is_refused_with_its_nearest() -> None:
    with pytest.raises(InvalidRequestError, match=r"'pt'.*nearest: pt-BR, pt-PT"):
        catalogue.language("pt")


def test_an_unknown_voice_is_refused_with_three_nearest_at_most() -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        catalogue.voice("pt-BR-Chirp3-HD-Core")

    assert "pt-BR-Chirp3-HD-Kore" in str(refusal.value)
    assert str(refusal.value).count(",") <= 2


def test_an_unknown_provider_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequestError, match="espeak, gemini, google"):
        catalogue.voices(provider="nobody")


def test_every_language_has_a_voice_a_pace_and_two_names() -> None:
    for language in catalogue.languages():
        assert language.voices == len(catalogue.voices(language.code)) > 0
        assert 2 < language.characters_per_second < 20, language
        assert language.name
        assert language.name_pt


def test_codes_and_ids_are_unique_in_whatever_case() -> None:
    codes = [language.code.lower() for language in catalogue.languages()]
    ids = [voice.id.lower() for voice in catalogue.voices()]

    assert len(set(codes)) == len(codes)
    assert len(set(ids)) == len(ids)


def test_every_voice_is_found_by_its_id_and_speaks_a_language_of_the_catalogue() -> None:
    for voice in catalogue.voices():
        assert catalogue.voice(voice.id.upper()) is voice
        assert catalogue.language(voice.language).code == voice.language


def test_google_keeps_its_own_names() -> None:
    voice = catalogue.voice("pt-BR-Chirp3-HD-Kore")

    assert (voice.provider, voice.family, voice.name) == ("google", "chirp3-hd", voice.id)
    assert (voice.model, voice.gender) == ("", "female")


def test_a_bare_name_gets_an_id_of_its_own_and_a_model() -> None:
    voice = catalogue.voice("pt-BR-Gemini-Kore")

    assert (voice.name, voice.family) == ("Kore", "gemini-tts")
    assert voice.model


def test_espeak_voices_carry_the_locale_of_the_catalogue_and_the_name_of_the_engine() -> None:
    assert catalogue.voice("espeak:pt-BR").name == "roa/pt-BR"
    assert catalogue.voice("espeak:cmn-CN").name == "sit/cmn"


def test_every_language_has_a_tone() -> None:
    tones = {voice.language for voice in catalogue.voices(provider="tone")}

    assert tones == {language.code for language in catalogue.languages()}


def test_voices_may_be_asked_for_by_language_and_provider_at_once() -> None:
    found = catalogue.voices("pt-br", "google")

    assert {(voice.language, voice.provider) for voice in found} == {("pt-BR", "google")}


def test_counts_are_those_of_the_data() -> None:
    rows = json.loads((lookup.HERE / "voices.json").read_bytes())
    genders = ("female", "male", "neutral")
    expected = Counter[str]()
    for row in rows:
        expected[row["provider"]] += sum(len(row.get(gender, "").split()) for gender in genders)

    found = Counter(voice.provider for voice in catalogue.voices())

    assert len({row["language"] for row in rows if row["provider"] == "gemini"}) == 130
    assert expected["gemini"] == 3_900
    assert expected["bark"] == 130
    assert {name: found[name] for name in expected} == expected


def test_every_provider_of_the_catalogue_has_a_file() -> None:
    there = {voice.provider for voice in catalogue.voices()}

    assert there <= set(providers.names(tts))


def test_bark_has_ten_portuguese_voices_by_the_names_of_its_makers() -> None:
    found = [voice.id for voice in catalogue.voices("pt-BR", "bark")]

    assert found == [f"v2/pt_speaker_{number}" for number in range(10)]
    assert catalogue.voice("v2/pt_speaker_6").name == "v2/pt_speaker_6"


def test_gtts_voices_carry_the_locale_of_the_catalogue_and_the_name_of_the_engine() -> None:
    assert catalogue.voice("gtts:cmn-CN").name == "zh-CN"
    assert catalogue.voice("gtts:pt-PT").name == "pt-PT"
    assert catalogue.voice("gtts:pt-BR").launch_stage == "Unofficial"


def test_a_server_of_ones_own_has_voices_the_catalogue_cannot_know() -> None:
    voice = catalogue.voice("openai:pt-br:af_heart")

    assert (voice.id, voice.name) == ("openai:pt-BR:af_heart", "af_heart")
    assert catalogue.voice("openai:pt-BR").name == "alloy"


@pytest.mark.parametrize("id", ["openai:xx-XX:nova", "espeek:pt-BR:nova", "openai:pt-BR:"])
def test_but_not_in_languages_and_by_providers_that_do_not_exist(id: str) -> None:
    with pytest.raises(InvalidRequestError, match="no voice"):
        catalogue.voice(id)


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.voice("espeak:pt-BR").name = "other"  # type: ignore[misc]  # that is the test
