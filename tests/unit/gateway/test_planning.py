from typing import Any

import pytest

from services.gateway.drafts import BatchDraft
from services.gateway.errors import InvalidFieldsError
from services.gateway.planning import Plan, plan
from shared.providers.tts import Speakers
from shared.vocabulary import Target

SPEAKERS = Speakers(("espeak",))


def planned(max_jobs: int = 10_000, **body: Any) -> Plan:
    draft = BatchDraft.model_validate({"mode": "matrix", "title": "Bees", **body})
    return plan(draft, speakers=SPEAKERS, max_jobs=max_jobs)


def wrong(max_jobs: int = 10_000, **body: Any) -> dict[str, str]:
    with pytest.raises(InvalidFieldsError) as caught:
        planned(max_jobs, **body)
    return {error.pointer: error.detail for error in caught.value.errors}


def test_a_language_without_a_voice_gets_its_default() -> None:
    plan = planned(languages=["pt-BR", "en-US"])

    assert plan.targets == (
        Target(language="pt-BR", voice="espeak:pt-BR"),
        Target(language="en-US", voice="espeak:en-US"),
    )


def test_a_language_may_be_spoken_by_several() -> None:
    plan = planned(
        languages=["pt-BR", "en-US"],
        voices={"PT-br": ["pt-BR-Chirp3-HD-Kore", "espeak:pt-BR"], "en-US": "espeak:en-US"},
    )

    assert [target.voice for target in plan.targets] == [
        "pt-BR-Chirp3-HD-Kore",
        "espeak:pt-BR",
        "espeak:en-US",
    ]


def test_codes_and_voices_are_written_as_the_catalogue_writes_them() -> None:
    plan = planned(targets=[{"language": "PT-br", "voice": "ESPEAK:pt-br"}])

    assert plan.targets == (Target(language="pt-BR", voice="espeak:pt-BR"),)


def test_an_agent_brings_its_languages_and_voices() -> None:
    agent = {
        "language": "en-US",
        "target_languages": ["pt-BR"],
        "default_voices": {"pt-BR": "pt-BR-Chirp3-HD-Kore"},
    }

    plan = planned(agent=agent)

    assert plan.targets == (Target(language="pt-BR", voice="pt-BR-Chirp3-HD-Kore"),)
    assert plan.agent.language == "en-US"


def test_without_an_agent_the_first_language_is_written_in() -> None:
    assert planned(languages=["fr-FR", "pt-BR"]).agent.language == "fr-FR"


def test_a_number_of_variations_and_a_list_of_them() -> None:
    counted = planned(language="pt-BR", variations=3).variations
    listed = planned(
        language="pt-BR", variations=[{"aspect": "hook"}, {"aspect": "tone"}]
    ).variations

    assert [(v.number, v.aspect) for v in counted] == [(1, ""), (2, ""), (3, "")]
    assert [(v.number, v.aspect) for v in listed] == [(1, "hook"), (2, "tone")]


def test_titles_lose_the_space_around_them() -> None:
    assert planned(titles=["  Bees\n", "Wasps"], language="pt-BR", title=None).titles == (
        "Bees",
        "Wasps",
    )


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({"title": None, "language": "pt-BR"}, "/titles", "give a title"),
        ({"title": None, "titles": [], "language": "pt-BR"}, "/titles", "at least one"),
        ({"titles": ["Wasps"], "language": "pt-BR"}, "/title", "not both"),
        ({"title": "", "language": "pt-BR"}, "/title", "visible"),
        ({"title": " \t\n", "language": "pt-BR"}, "/title", "visible"),
        ({"title": "\u200b\ufeff", "language": "pt-BR"}, "/title", "visible"),
        ({"title": "a\x00b", "language": "pt-BR"}, "/title", "NUL"),
        ({"title": "x" * 1001, "language": "pt-BR"}, "/title", "1001"),
        ({"title": None, "titles": ["Bees", "bees", "Bees "], "language": "pt-BR"}, "/titles/2", "/titles/0"),  # noqa: E501 - a row of a table
        ({"title": None, "titles": ["caf\u00e9", "cafe\u0301"], "language": "pt-BR"}, "/titles/1", "/titles/0"),  # noqa: E501 - a row of a table
        ({}, "/languages", "give a language"),
        ({"languages": []}, "/languages", "at least one"),
        ({"targets": []}, "/targets", "at least one"),
        ({"language": "pt-BR", "languages": ["en-US"]}, "/language", "not both"),
        ({"languages": ["pt-BR", "pt-XX"]}, "/languages/1", "nearest"),
        ({"language": "nonsense"}, "/language", "nonsense"),
        ({"languages": ["pt-BR", "PT-BR"]}, "/languages/1", "/languages/0"),
        ({"language": "pt-BR", "voices": {"pt-BR": "nobody"}}, "/voices/pt-BR/0", "nobody"),
        ({"language": "pt-BR", "voices": {"pt-BR": ["espeak:en-US"]}}, "/voices/pt-BR/0", "speaks en-US"),  # noqa: E501 - a row of a table
        ({"language": "pt-BR", "voices": {"pt-BR": []}}, "/voices/pt-BR", "at least one"),
        ({"language": "pt-BR", "voices": {"en-US": "espeak:en-US"}}, "/voices/en-US", "not among"),
        ({"language": "pt-BR", "voices": {"x/y~z": "a"}}, "/voices/x~1y~0z", "x/y~z"),
        ({"language": "pt-BR", "voices": {"pt-BR": ["espeak:pt-BR", "ESPEAK:pt-BR"]}}, "/voices/pt-BR/1", "twice"),  # noqa: E501 - a row of a table
        ({"targets": [{"language": "pt-BR"}], "voices": {"pt-BR": "x"}}, "/voices", "targets"),
        ({"targets": [{"language": "pt-BR", "voice": "espeak:en-US"}]}, "/targets/0/voice", "speaks en-US"),  # noqa: E501 - a row of a table
        ({"targets": [{"language": "pt-BR"}, {"language": "pt-BR"}]}, "/targets/1", "/targets/0"),
        ({"targets": [{"language": "xx"}]}, "/targets/0/language", "xx"),
        ({"language": "pt-BR", "agent": {"language": "xx"}}, "/agent/language", "xx"),
        ({"language": "pt-BR", "agent": {"language": "pt-BR", "default_voices": {"pt-BR": "espeak:en-US"}}}, "/agent/default_voices/pt-BR", "speaks en-US"),  # noqa: E501 - a row of a table
        ({"language": "pt-BR", "variations": [{"aspect": "a"}, {"aspect": "a "}]}, "/variations/1/aspect", "same"),  # noqa: E501 - a row of a table
        ({"mode": "expand_languages", "title": None, "titles": ["a", "b"], "language": "pt-BR"}, "/titles", "one title"),  # noqa: E501 - a row of a table
        ({"mode": "expand_titles", "languages": ["pt-BR", "en-US"]}, "/languages", "one language"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_and_where(body: dict[str, Any], pointer: str, says: str) -> None:
    found = wrong(**body)

    assert list(found) == [pointer]
    assert says in found[pointer]


def test_says_everything_that_is_wrong_at_once() -> None:
    found = wrong(
        title=None,
        titles=["", "Bees", "Bees", "x" * 2000],
        languages=["pt-BR", "pt-XX", "pt-BR"],
        voices={"pt-BR": "espeak:en-US", "xx": "a"},
        agent={"language": "yy"},
    )

    assert list(found) == [
        "/titles/0",
        "/titles/2",
        "/titles/3",
        "/voices/xx",
        "/voices/pt-BR/0",
        "/languages/1",
        "/languages/2",
        "/agent/language",
    ]


def test_a_batch_has_a_largest_size() -> None:
    found = wrong(max_jobs=11, titles=["a", "b"], title=None, language="pt-BR", variations=6)

    assert found == {
        "": "2 titles x 1 voices x 6 variations are 12 jobs; a batch may have 11, so split it"
    }


def test_stops_looking_where_nobody_would_read_on() -> None:
    found = wrong(title="", languages=[f"x{number}" for number in range(500)])

    assert len(found) == 100


def test_several_voices_of_one_language_are_one_language() -> None:
    plan = planned(
        mode="expand_titles",
        language="pt-BR",
        voices={"pt-BR": ["espeak:pt-BR", "pt-BR-Chirp3-HD-Kore"]},
    )

    assert len(plan.targets) == 2
