import numpy as np
import pytest

from services.narrator.joining import Joiner
from services.narrator.samples import Samples, silence
from tests.support.sound import sine


def _joined(*segments: tuple[Samples, bool]) -> tuple[Samples, Joiner]:
    written: list[Samples] = []
    joiner = Joiner(written.append)
    for samples, ends_paragraph in segments:
        joiner.add(samples, ends_paragraph=ends_paragraph)
    return np.concatenate(written), joiner


def test_silence_at_the_edges_is_cut_but_for_a_breath() -> None:
    spoken = np.concatenate([silence(1), sine(2), silence(1)])

    samples, joiner = _joined((spoken, False))

    assert joiner.seconds == pytest.approx(2.06, abs=0.005)
    assert len(samples) == round(joiner.seconds * 24_000)


def test_segments_are_a_sentence_apart_and_paragraphs_more() -> None:
    _, joiner = _joined((sine(1), False), (sine(1), True), (sine(1), False))

    first, second, third = joiner.spans
    assert second.start - first.end == pytest.approx(0.25)
    assert third.start - second.end == pytest.approx(0.6)


def test_nothing_comes_before_the_first_or_after_the_last() -> None:
    _, joiner = _joined((sine(1), False), (sine(1), True))

    assert joiner.spans[0].start == 0
    assert joiner.spans[-1].end == joiner.seconds


def test_nothing_clicks_where_segments_meet() -> None:
    loud = np.full(24_000, 20_000, np.int16)

    samples, _ = _joined((loud, False), (loud, False))

    assert np.abs(np.diff(samples.astype(np.int32))).max() < 400


def test_what_was_handed_in_is_not_changed() -> None:
    segment = sine(1)
    before = segment.copy()

    _joined((segment, False))

    assert np.array_equal(segment, before)
