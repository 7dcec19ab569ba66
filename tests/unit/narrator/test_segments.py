# ruff: noqa: RUF001 - the punctuation of every script is meant here

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.narrator import segments

LANGUAGES = {
    "pt-BR": "Olá, mundo! O Dr. Silva chegou às 3.14 h. Quem diria? ",
    "en-US": "Mr. Smith paid $3.50 for it. Nobody knew why! ",
    "ja-JP": "東京は日本の首都です。「本当ですか？」と彼は聞いた。",
    "cmn-CN": "北京是中国的首都。你知道吗？我不知道！",
    "ko-KR": "서울은 한국의 수도입니다. 알고 있었나요? ",
    "th-TH": "นี่คือประโยคแรก นี่คือประโยคที่สอง ",
    "hi-IN": "यह एक वाक्य है। क्या आप जानते हैं? ",
    "ta-IN": "இது ஒரு வாக்கியம். உங்களுக்குத் தெரியுமா? ",
    "ar-XA": "هذه جملة واحدة. هل تعلم؟ لا أعلم! ",
    "fa-IR": "این یک جمله است. می‌خواهم بدانم؟ ",
    "am-ET": "ይህ ዓረፍተ ነገር ነው። ታውቃለህ? ",
    "hy-AM": "Սա նախադասություն է։ Գիտե՞ք։ ",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("max_bytes", [300, 4_000, 20_000])
def test_nothing_is_lost_and_nothing_is_too_long(language: str, max_bytes: int) -> None:
    text = (LANGUAGES[language] * 30 + "\n\n") * 8

    found = segments.split(text, language=language, max_bytes=max_bytes)

    assert "".join(segment.text for segment in found) == text
    assert max(len(segment.text.encode()) for segment in found) <= max_bytes


@given(
    text=st.text("aé.!?。 \n，,;东กั\u0301\u200d👩क्षि-\"'»", min_size=1, max_size=2_000),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_whatever_the_text_nothing_is_lost(text: str, language: str) -> None:
    found = segments.split(text, language=language, max_bytes=400)

    assert "".join(segment.text for segment in found) == text
    assert max(len(segment.text.encode()) for segment in found) <= 400


@pytest.mark.parametrize("language", ["pt-BR", "en-US", "hi-IN", "ar-XA", "ko-KR", "ja-JP"])
def test_segments_end_where_sentences_do(language: str) -> None:
    found = segments.split(LANGUAGES[language] * 100, language=language, max_bytes=4_800)

    assert len(found) > 1
    assert all(segment.text.rstrip()[-1] in ".!?。？！」।؟" for segment in found)


def test_segments_are_of_a_length_that_voices_speak_well() -> None:
    found = segments.split("Era uma vez uma abelha. " * 500, language="pt-BR", max_bytes=4_800)

    sizes = [len(segment.text) for segment in found]
    assert all(segments.ENOUGH <= size <= segments.MOST for size in sizes[:-1])


def test_a_paragraph_ends_a_segment_that_has_enough() -> None:
    paragraph = "Era uma vez uma abelha. " * 40 + "\n\n"

    found = segments.split(paragraph * 3, language="pt-BR", max_bytes=4_800)

    assert [segment.text for segment in found] == [paragraph] * 3
    assert all(segment.ends_paragraph for segment in found)


def test_short_paragraphs_share_a_segment() -> None:
    found = segments.split("Um.\n\nDois.\n\nTrês.", language="pt-BR", max_bytes=4_800)

    (segment,) = found
    assert segment.sentences == ("Um.\n\n", "Dois.\n\n", "Três.")


def test_abbreviations_do_not_end_a_sentence() -> None:
    found = segments.sentences("O Dr. Silva pagou R$ 3.50. Foi caro.", "pt-BR")

    assert list(found) == ["O Dr. Silva pagou R$ 3.50. ", "Foi caro."]


def test_a_sentence_that_is_too_long_is_cut_at_a_clause() -> None:
    sentence = "uma coisa muito comprida, " * 100

    found = segments.split(sentence, language="pt-BR", max_bytes=500)

    assert all(segment.text.endswith(", ") for segment in found)


def test_a_letter_keeps_its_marks() -> None:
    found = segments.split("क्षि" * 500, language="hi-IN", max_bytes=300)

    assert all(segment.text[0] in "कष" for segment in found)


def test_line_breaks_survive_in_texts_of_any_length() -> None:
    text = "\n".join(["Uma linha sem fim de frase"] * 1_000)

    found = segments.split(text, language="pt-BR", max_bytes=4_800)

    assert "".join(segment.text for segment in found) == text


def paragraphs(count: int) -> list[str]:
    return [
        " ".join(f"Sentence {number} of paragraph {each} says something." for number in range(9))
        for each in range(count)
    ]


@pytest.mark.parametrize("changed", [0, 9, 23])
@pytest.mark.parametrize("much", ["Now.", "It says a great deal more than before. " * 12])
def test_a_changed_sentence_changes_its_own_segment_and_no_other(changed: int, much: str) -> None:
    told = paragraphs(24)
    before = segments.split("\n\n".join(told), language="en-US", max_bytes=4_800)
    told[changed] = told[changed].replace("Sentence 3 of", f"{much.strip()} Sentence 3 of")

    after = segments.split(
        "\n\n".join(told),
        language="en-US",
        max_bytes=4_800,
        before=[segment.sentences for segment in before],
    )

    new = [segment.spoken for segment in after if segment not in before]
    assert "".join(segment.text for segment in after) == "\n\n".join(told)
    assert len(before) > 5
    assert 1 <= len(new) <= 2
    assert any(much.strip() in spoken for spoken in new)
    assert len([segment for segment in before if segment not in after]) == 1


def test_a_text_that_did_not_change_is_cut_as_before() -> None:
    text = "\n\n".join(paragraphs(8))
    # Not as it would be cut today.
    before = [
        segment.sentences for segment in segments.split(text, language="en-US", max_bytes=600)
    ]

    again = segments.split(text, language="en-US", max_bytes=4_800, before=before)

    assert [segment.sentences for segment in again] == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_halves_are_the_text_without_the_space_between(language: str) -> None:
    text = (LANGUAGES[language] * 3).strip()

    found = segments.halves(text, language)

    assert found is not None
    assert "".join("".join(found).split()) == "".join(text.split())
    assert max(map(len, found)) < 0.8 * len(text)


def test_what_cannot_be_cut_has_no_halves() -> None:
    assert segments.halves("Palavra", "pt-BR") is None
    assert segments.halves("Fim. ...", "pt-BR") is None
