import json
import re
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.providers import llm
from shared.providers.llm import Prompt, Task
from shared.providers.llm._offline_phrases import languages, resolve, speak
from shared.providers.llm._offline_telling import shortened

TITLE = "O segredo das abelhas"


async def answer(task: Task, **facts: Any) -> str:
    facts = {"title": TITLE, "language": "pt-BR", "target_characters": 900} | facts
    completion = await llm.create("offline").complete(Prompt(task=task, text="", facts=facts))
    return completion.text


def test_works_without_any_setting() -> None:
    assert llm.create("offline").name == "offline"


async def test_tells_the_same_again() -> None:
    assert await answer("block") == await answer("block")


@pytest.mark.parametrize(
    "other", [{"title": "A cidade que dorme"}, {"aspect": "tone: humour"}, {"variation": 2}]
)
async def test_another_telling_is_another_text(other: dict[str, Any]) -> None:
    assert await answer("block") != await answer("block", **other)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("characters", [600, 900, 1800, 6000])
async def test_comes_close_to_the_length_asked_for(language: str, characters: int) -> None:
    text = await answer("block", language=language, target_characters=characters)

    assert len(text) == pytest.approx(characters, rel=0.15)


def minute(language: str) -> int:
    return round(60 * {"ja": 7, "zh": 5}.get(language, 14))


@pytest.mark.parametrize("language", languages())
async def test_blocks_are_different_and_all_say_something(language: str) -> None:
    facts = {"language": language, "blocks": 3, "target_characters": minute(language)}

    texts = [await answer("block", block=number, **facts) for number in (1, 2, 3)]

    paragraphs = "\n\n".join(texts).split("\n\n")
    assert len(set(paragraphs)) == len(paragraphs)
    assert all(len(text) == pytest.approx(minute(language), rel=0.2) for text in texts)


@pytest.mark.parametrize("language", languages())
async def test_a_script_never_repeats_a_sentence_within_a_minute(language: str) -> None:
    text = await answer("block", language=language, target_characters=minute(language))

    sentences = re.findall(r"[^.!?\u3002\uff1f\u0964]+", text)
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("language", languages())
async def test_the_title_is_named(language: str) -> None:
    text = await answer("block", language=language)

    assert text.count(TITLE) >= 2


async def test_portuguese_has_only_the_characters_of_portuguese() -> None:
    text = await answer("block", target_characters=20_000)

    assert set(text) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZáâãàéêíóôõúçÁÂÃÀÉÊÍÓÔÕÚÇ ,.;:?“”-\n"
    )


@pytest.mark.parametrize("language", languages())
async def test_no_mark_of_the_phrase_files_is_left(language: str) -> None:
    text = await answer("block", language=language, target_characters=20_000)

    assert not set("<>|{}[]*#_`") & set(text)
    assert text == unicodedata.normalize("NFC", text)
    assert "  " not in text


@pytest.mark.parametrize("language", languages())
def test_every_phrase_file_is_well_formed(language: str) -> None:
    phrases = speak(language)
    leads = [facet.lead for facet in phrases.facets]

    assert len(phrases.openings) >= 3
    assert len(phrases.closings) >= 3
    assert len(phrases.facets) >= 5
    assert all(len(facet.body) >= 4 and facet.end for facet in phrases.facets)
    assert all(any("{title}" in said for said in each) for each in (*phrases.openings, *leads[:3]))


@pytest.mark.parametrize(
    ("tag", "language"),
    [("pt-BR", "pt"), ("PT_pt", "pt"), ("cmn-CN", "zh"), ("yue-HK", "zh"), ("xx", "en")],
)
def test_a_tag_finds_its_phrases(tag: str, language: str) -> None:
    assert resolve(tag) == language


async def test_a_language_without_phrases_is_told_in_english() -> None:
    assert await answer("block", language="sw-KE") == await answer("block", language="en-US")


async def test_plans_blocks_that_add_up() -> None:
    plan = json.loads(await answer("plan", blocks=4, target_characters=4000))

    assert len({block["heading"] for block in plan["blocks"]}) == 4
    assert [block["target_characters"] for block in plan["blocks"]] == [1000] * 4


async def test_a_premise_says_what_the_script_is_about() -> None:
    assert json.loads(await answer("premise"))["logline"] == TITLE


async def test_adapts_by_telling_it_in_the_other_language() -> None:
    adapted = json.loads(
        await answer("adapt", language="en-US", text="Era uma vez.", part=1, parts=1)
    )

    assert adapted["text"] == await answer("block", language="en-US")


def test_a_long_title_is_shortened_to_its_subject() -> None:
    assert shortened("O mar: tudo o que você sempre quis saber sobre a água salgada do mundo") == (
        "O mar: tudo o que você sempre quis saber sobre a água"
    )
    assert shortened("Roma antiga: tudo o que você sempre quis saber sobre a cidade eterna") == (
        "Roma antiga"
    )


@given(
    title=st.text(min_size=1, max_size=1000),
    language=st.sampled_from(languages()),
    block=st.integers(1, 30),
    blocks=st.integers(1, 30),
    characters=st.integers(1, 3000),
)
async def test_always_has_something_to_say(
    title: str, language: str, block: int, blocks: int, characters: int
) -> None:
    facts = {"block": block, "blocks": blocks, "target_characters": characters}

    assert (await answer("block", title=title, language=language, **facts)).strip()


async def test_is_fast_enough_for_load_tests() -> None:
    await answer("block")
    started = time.perf_counter()

    for number in range(200):
        await answer("block", title=f"Title {number}")

    # A tenth of this is usual; shared machines are not.
    assert (time.perf_counter() - started) / 200 < 0.002
