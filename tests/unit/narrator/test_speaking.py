import asyncio

import pytest

from services.narrator import flac
from services.narrator.cast import Cast
from services.narrator.segments import Segment
from services.narrator.speaking import Speaker
from shared import catalogue
from shared.errors import BadSpeechError, RateLimitedError, RefusedError, TransientError
from shared.providers.tts import Capabilities, Speech
from shared.vocabulary import ArtefactRef
from tests.support.artefacts import FakeArtefacts
from tests.support.speech import FakeSpeech

VOICE = catalogue.voice("espeak:pt-BR")
SILENCE = Speech(pcm=b"\0\0" * 24_000, sample_rate=24_000)


def _segments(count: int) -> list[Segment]:
    return [Segment((f"Este é o segmento número {number}. ",)) for number in range(count)]


async def _spoken(
    speech: FakeSpeech,
    artefacts: FakeArtefacts,
    segments: list[Segment],
    *,
    rate: float = 1.0,
) -> list[ArtefactRef]:
    speaker = Speaker(artefacts, Cast(lambda _: speech))
    delivery = await speaker.delivery(VOICE, rate=rate, pitch=0.0)
    return await speaker.speak(segments, delivery)


async def test_speech_lies_in_the_order_of_the_segments() -> None:
    artefacts = FakeArtefacts()

    refs = await _spoken(FakeSpeech(), artefacts, _segments(12))

    lengths = [len(flac.unpack(artefacts.objects[ref.key])[0]) for ref in refs]
    assert lengths == [2_400 * len(segment.text.strip()) for segment in _segments(12)]


async def test_what_was_spoken_before_is_not_spoken_again() -> None:
    speech, artefacts = FakeSpeech(), FakeArtefacts()
    await _spoken(speech, artefacts, _segments(3))

    await _spoken(speech, artefacts, _segments(5))

    assert len(speech.asked) == 5


async def test_a_model_that_settings_decide_is_part_of_what_was_spoken() -> None:
    artefacts = FakeArtefacts()
    first = FakeSpeech(Capabilities(max_bytes=4_800, model="one"))
    second = FakeSpeech(Capabilities(max_bytes=4_800, model="two"))

    await _spoken(first, artefacts, _segments(1))
    await _spoken(second, artefacts, _segments(1))

    assert len(second.asked) == 1


async def test_no_more_speak_at_once_than_the_provider_likes() -> None:
    speech = FakeSpeech(Capabilities(max_bytes=4_800, concurrency=3))

    await _spoken(speech, FakeArtefacts(), _segments(20))

    assert speech.most_open_calls == 3


async def test_another_server_is_another_voice() -> None:
    artefacts = FakeArtefacts()
    first = FakeSpeech(Capabilities(max_bytes=4_800, setup="http://one"))
    second = FakeSpeech(Capabilities(max_bytes=4_800, setup="http://two"))

    await _spoken(first, artefacts, _segments(1))
    await _spoken(second, artefacts, _segments(1))

    assert len(second.asked) == 1


async def test_a_voice_that_has_a_pace_is_asked_for_it() -> None:
    speech = FakeSpeech()

    await _spoken(speech, FakeArtefacts(), _segments(1), rate=1.5)

    assert [rate for _, rate, _ in speech.asked] == [1.5]


async def test_one_speech_serves_every_pace_of_a_voice_that_has_none() -> None:
    speech, artefacts = FakeSpeech(Capabilities(max_bytes=4_800)), FakeArtefacts()

    slow = await _spoken(speech, artefacts, _segments(1), rate=0.8)
    fast = await _spoken(speech, artefacts, _segments(1), rate=1.5)

    assert slow == fast
    assert [rate for _, rate, _ in speech.asked] == [1.0]


async def test_useless_speech_is_tried_once_more() -> None:
    speech = FakeSpeech(answers=[SILENCE])

    refs = await _spoken(speech, FakeArtefacts(), _segments(1))

    assert len(refs) == 1
    assert len(speech.asked) == 2


async def test_speech_that_stays_useless_is_refused_and_not_stored() -> None:
    artefacts = FakeArtefacts()

    with pytest.raises(BadSpeechError, match=r"silent.*also in halves and slower"):
        await _spoken(FakeSpeech(answers=[SILENCE] * 20), artefacts, _segments(1))

    assert artefacts.objects == {}


async def test_after_a_failure_what_is_begun_is_finished_and_kept() -> None:
    busy = RateLimitedError("slow down", retry_after=3)
    can = Capabilities(max_bytes=4_800, concurrency=2)
    speech, artefacts = FakeSpeech(can, answers=[busy]), FakeArtefacts()

    with pytest.raises(RateLimitedError):
        await _spoken(speech, artefacts, _segments(10))

    assert len(speech.asked) == 2
    assert len(artefacts.made) == 1


async def test_a_failure_that_no_retry_heals_is_told_first() -> None:
    answers = [TransientError("busy"), RefusedError("never")]

    with pytest.raises(RefusedError):
        await _spoken(FakeSpeech(answers=answers), FakeArtefacts(), _segments(4))


async def test_half_a_sample_at_the_end_is_left_out() -> None:
    odd = Speech(pcm=b"\x00\x20" * 48_000 + b"\x01", sample_rate=24_000)
    artefacts = FakeArtefacts()

    (ref,) = await _spoken(FakeSpeech(answers=[odd]), artefacts, _segments(1))

    assert len(flac.unpack(artefacts.objects[ref.key])[0]) == 48_000


async def test_the_slots_are_free_again_after_failures() -> None:
    can = Capabilities(max_bytes=4_800, concurrency=2)
    speech = FakeSpeech(can, answers=[TransientError("busy")] * 2)
    cast = Cast(lambda _: speech)
    speaker = Speaker(FakeArtefacts(), cast)
    delivery = await speaker.delivery(VOICE, rate=1.0, pitch=0.0)
    with pytest.raises(TransientError):
        await speaker.speak(_segments(4), delivery)

    async with asyncio.timeout(5):
        refs = await speaker.speak(_segments(4), delivery)

    assert len(refs) == 4
