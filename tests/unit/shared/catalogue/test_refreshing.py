from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared import catalogue
from shared.catalogue import Voice
from shared.errors import InvalidRequestError

CLASSIC = tuple(voice for voice in catalogue.voices(provider="google") if not voice.model)
NEW = Voice(
    id="pt-PT-Chirp3-HD-Kore",
    provider="google",
    family="chirp3-hd",
    language="pt-PT",
    name="pt-PT-Chirp3-HD-Kore",
    gender="female",
)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.install(())


def test_the_same_list_again_changes_nothing() -> None:
    news, changes = catalogue.refreshed("google", CLASSIC)

    assert news == ()
    assert (changes.added, changes.changed, changes.unlisted) == ((), (), ())
    assert changes.listed == len(CLASSIC)


def test_a_new_voice_has_the_stage_of_its_family_and_is_chosen() -> None:
    before = catalogue.language("pt-PT").voices

    news, changes = catalogue.refreshed("google", (*CLASSIC, NEW))
    catalogue.install(news)

    assert changes.added == (NEW.id,)
    assert catalogue.voice(NEW.id.lower()).launch_stage == "GA"
    assert catalogue.language("pt-PT").voices == before + 1
    assert catalogue.default_voice("pt-PT", ("google",)) == catalogue.voice(NEW.id)


def test_a_family_that_nobody_knows_is_a_preview() -> None:
    strange = replace(NEW, id="pt-PT-Chirp9-X", name="pt-PT-Chirp9-X", family="chirp9")

    ((found,), _) = catalogue.refreshed("google", (*CLASSIC, strange))

    assert found.launch_stage == "Preview"


def test_a_voice_that_is_not_listed_stays_and_is_not_chosen() -> None:
    chosen = catalogue.default_voice("pt-BR", ("google",))
    left = tuple(voice for voice in CLASSIC if voice != chosen)

    news, changes = catalogue.refreshed("google", left)
    catalogue.install(news)

    assert changes.unlisted == (chosen.id,)
    assert catalogue.voice(chosen.id).launch_stage == "Unlisted"
    assert catalogue.default_voice("pt-BR", ("google",)) != chosen


def test_a_voice_that_comes_back_is_as_it_was() -> None:
    catalogue.install(catalogue.refreshed("google", CLASSIC[1:])[0])

    news, changes = catalogue.refreshed("google", CLASSIC)
    catalogue.install(news)

    assert changes.changed == (CLASSIC[0].id,)
    assert catalogue.voice(CLASSIC[0].id) == CLASSIC[0]


def test_voices_that_no_list_names_by_language_stay() -> None:
    models = {voice.id for voice in catalogue.voices(provider="google") if voice.model}

    catalogue.install(catalogue.refreshed("google", CLASSIC[:1])[0])

    stages = {catalogue.voice(id).launch_stage for id in models}
    assert stages == {"GA", "Preview"}


def test_a_language_the_catalogue_lacks_is_named() -> None:
    klingon = replace(NEW, id="tlh-QO-Chirp3-HD-Kore", language="tlh-QO")

    news, changes = catalogue.refreshed("google", (*CLASSIC, klingon))

    assert (news, changes.unknown_languages) == ((), ("tlh-QO",))


def test_an_empty_list_is_not_believed() -> None:
    with pytest.raises(InvalidRequestError, match="lists no voices"):
        catalogue.refreshed("google", ())


def test_news_survive_as_rows_also_those_of_a_newer_version() -> None:
    rows = [{**row, "mood": "later"} for row in catalogue.as_rows([NEW])]

    assert catalogue.of_rows(rows) == (NEW,)
