import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.narrator import lines, subtitles
from services.narrator.joining import Span
from services.narrator.segments import Segment, split
from services.narrator.subtitles import Cue

TEXTS = {
    "pt-BR": "Era uma vez uma abelha. Sim! Ela subia até a borda da colmeia, olhava o jardim, "
    "suspirava e voltava para dentro, onde ninguém acreditava nela. Um dia, voou. ",
    "ja-JP": "むかしむかし、とべないはちがいました。「いつか、はなまでいくの。」はい。まいあさ、"
    "すのはしまでのぼり、にわをながめて、ためいきをつきました。",
    "th-TH": "กาลครั้งหนึ่งนานมาแล้วมีผึ้งตัวหนึ่งที่บินไม่ได้ทุกเช้ามันจะปีนไปที่ขอบรังมองดูสวนแล้วถอนหายใจ ",
    "ar-XA": "كان يا ما كان، كانت هناك نحلة لا تعرف الطيران. هل تصل يوماً إلى الزهور؟ نعم. ",
}


def _narrated(text: str, language: str, pace: float) -> tuple[list[Segment], list[Span]]:
    segments = split(text, language=language, max_bytes=4_800)
    spans, start = [], 0.0
    for segment in segments:
        end = start + len(segment.text) / pace
        spans.append(Span(start, end))
        start = end + 0.25
    return list(segments), spans


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("pace", [5.0, 12.0, 17.0])
def test_cues_can_be_read(language: str, pace: float) -> None:
    segments, spans = _narrated(TEXTS[language] * 20, language, pace)

    cues = subtitles.cues(segments, spans)

    assert all(1.0 <= cue.seconds <= 7.3 for cue in cues)
    assert all(one.end <= next_one.start + 1e-9 for one, next_one in pairwise(cues))
    for cue in cues:
        rows = (lines.fitted(cue.text) or "too long\n\n").split("\n")
        assert len(rows) <= 2
        assert all(lines.columns(row) <= 42 for row in rows)


@pytest.mark.parametrize("language", TEXTS)
def test_cues_say_all_that_is_spoken(language: str) -> None:
    segments, spans = _narrated(TEXTS[language] * 5, language, 12.0)

    shown = "".join(cue.text for cue in subtitles.cues(segments, spans))

    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", TEXTS[language] * 5)


def test_the_last_cue_ends_with_the_audio() -> None:
    segments, spans = _narrated(TEXTS["pt-BR"] * 30, "pt-BR", 12.0)

    assert subtitles.cues(segments, spans)[-1].end == pytest.approx(spans[-1].end)


def test_time_is_shared_out_by_characters() -> None:
    segment = Segment(("a" * 20 + ". ", "b" * 40 + "."))

    first, second = subtitles.cues([segment], [Span(10.0, 16.0)])

    assert (first.start, second.end) == (10.0, 16.0)
    assert second.seconds == pytest.approx(2 * first.seconds, rel=0.05)


def test_a_cue_is_a_sentence_where_that_can_be_read() -> None:
    segment = Segment(("Ela subia até a borda. ", "Olhava o jardim. ", "Suspirava e voltava."))

    cues = subtitles.cues([segment], [Span(0.0, 6.0)])

    assert [cue.text for cue in cues] == [text.strip() for text in segment.sentences]


def test_a_word_that_is_too_short_to_read_shares_a_cue() -> None:
    segment = Segment(("Sim. ", "Ela subia até a borda da colmeia."))

    (cue,) = subtitles.cues([segment], [Span(0.0, 3.0)])

    assert cue.text == "Sim. Ela subia até a borda da colmeia."


def test_a_word_alone_takes_time_from_its_neighbour() -> None:
    long = "Ela subia até a borda da colmeia, olhava o jardim e suspirava muito fundo, "
    segment = Segment(("Sim. ", long + "todo dia."))

    first, *_ = subtitles.cues([segment], [Span(0.0, 9.0)])

    assert first.seconds >= 1.0


@given(
    text=st.text("ab é.!?,。東กี้ \n", min_size=1, max_size=600).filter(lambda text: text.strip()),
    seconds=st.floats(0.1, 300),
)
def test_whatever_the_text_cues_are_in_order(text: str, seconds: float) -> None:
    segments = split(text, language="pt-BR", max_bytes=4_800)
    spans = [
        Span(index * (seconds + 0.25), index * (seconds + 0.25) + seconds)
        for index in range(len(segments))
    ]

    cues = subtitles.cues(segments, spans)

    assert all(one.end <= next_one.start + 1e-6 for one, next_one in pairwise(cues))
    assert all(cue.end > cue.start and cue.text for cue in cues)


CUES = (Cue(0.0, 1.5, "Um & <dois>."), Cue(3_661.25, 3_662.0, "Três."))


def test_srt_is_what_players_read() -> None:
    assert subtitles.srt(CUES).decode() == (
        "1\n00:00:00,000 --> 00:00:01,500\nUm & <dois>.\n\n"
        "2\n01:01:01,250 --> 01:01:02,000\nTrês.\n"
    )


def test_vtt_is_what_browsers_read() -> None:
    assert subtitles.vtt(CUES).decode() == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nUm &amp; &lt;dois&gt;.\n\n"
        "01:01:01.250 --> 01:01:02.000\nTrês.\n"
    )
