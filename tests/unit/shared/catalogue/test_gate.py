import json

import pytest

from shared import catalogue
from shared.catalogue.gate import Verdict, judge
from shared.providers import llm
from shared.providers.llm import Prompt
from shared.providers.llm._offline_phrases import languages
from tests.support.paragraphs import PARAGRAPHS

# As the catalogue writes them, which is not how the phrases' files are named.
TAGS = {"zh": "cmn-CN", "en": "en-GB", "pt": "pt-BR", "ar": "ar-XA"}
TITLES = ("O segredo das abelhas", "How to build a startup in 30 days", "Por que o céu é azul")
ENGLISH = "Nobody remembers who built the bridge, but everybody in the valley has a story about it."


async def told(language: str, title: str, characters: int) -> str:
    facts = {"title": title, "language": language, "target_characters": characters}
    writer = llm.create("offline")
    answer = await writer.complete(Prompt(task="adapt", text="", facts=facts))
    return str(json.loads(answer.text)["text"])


async def right_texts() -> list[tuple[str, str, str]]:
    texts = [(tag, text, "") for tag, several in PARAGRAPHS.items() for text in several]
    for characters in (250, 900, 3000):
        texts += [
            (TAGS.get(language, language), await told(language, title, characters), title)
            for language in languages()
            for title in TITLES
        ]
    return texts


async def test_of_two_hundred_texts_thirty_in_english_are_caught_and_no_other() -> None:
    right = await right_texts()
    others = [each for each in right if not each[0].startswith("en")]
    spread = others[:: len(others) // 30][:30]
    wrong = [
        (tag, await told("en", TITLES[number % 3], 250 + 50 * number), TITLES[number % 3])
        for number, (tag, *_) in enumerate(spread)
    ]

    caught = [await judge(text, tag, title=title) for tag, text, title in wrong]
    alarms = [
        (tag, verdict)
        for tag, text, title in right
        if (verdict := await judge(text, tag, title=title)) != Verdict()
    ]

    assert len(right) > 200
    assert len({tag.split("-")[0] for tag, *_ in right}) > 40
    assert [verdict.reads_as for verdict in caught] == ["en"] * 30
    assert alarms == []


async def test_no_text_passes_for_one_in_a_language_that_is_no_neighbour() -> None:
    tags = ("pt-BR", "es-ES", "fr-FR", "de-DE", "it-IT", "ru-RU", "ja-JP", "hi-IN", "tr-TR")
    tellings = {tag: await told(tag, TITLES[0], 600) for tag in tags}

    for tag in tags:
        for other in tags:
            verdict = await judge(tellings[other], tag)
            assert bool(verdict.reads_as) is (tag != other), (tag, other, verdict)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("pt-BR", "pt-PT"),
        ("pt-PT", "pt-BR"),
        ("nb-NO", "nn-NO"),
        ("sr-RS", "hr-HR"),
        ("cmn-TW", "cmn-CN"),
        ("cmn-CN", "zh-CN"),
        ("yue-HK", "cmn-CN"),
        ("ms-MY", "id-ID"),
        ("es-MX", "es-419"),
        ("en-US", "en-029"),
    ],
)
async def test_another_region_or_a_neighbour_is_let_through(written: str, asked: str) -> None:
    for text in PARAGRAPHS[written]:
        assert await judge(text, asked) == Verdict()


async def test_a_language_the_detector_does_not_know_is_let_through_and_named() -> None:
    verdict = await judge(ENGLISH, "tlh")

    assert "tlh" in verdict.unchecked


async def test_too_little_is_not_judged() -> None:
    verdict = await judge("Era uma vez. Fim.", "en-US")

    assert "too short" in verdict.unchecked


async def test_a_quotation_is_no_mistake() -> None:
    portuguese = "\n\n".join(PARAGRAPHS["pt-BR"] * 2)

    verdict = await judge(f"{portuguese}\n\n{ENGLISH}", "pt-BR")

    assert verdict == Verdict()


async def test_half_a_text_is_one() -> None:
    portuguese, english = " ".join(PARAGRAPHS["pt-BR"]), " ".join(PARAGRAPHS["en-US"])

    verdict = await judge(f"{portuguese}\n\n{english}", "pt-BR")

    assert verdict.reads_as == "en"


async def test_what_stands_in_the_title_says_nothing() -> None:
    title = "The seven habits of highly effective people who never give up"
    text = f"Hoje: {title}. Uma história que vale a pena ouvir até o fim, com calma e sem pressa."

    assert await judge(text, "pt-BR", title=title) == Verdict()


async def test_most_languages_of_the_catalogue_can_be_checked() -> None:
    bases = {language.base: language.code for language in catalogue.languages()}

    unknown = [
        code for code in bases.values() if (await judge("", code)).unchecked.startswith(code)
    ]

    assert len(unknown) < 0.35 * len(bases)
