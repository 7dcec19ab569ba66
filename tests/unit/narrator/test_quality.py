from collections import Counter
from collections.abc import Iterator

import numpy as np

from services.narrator import gate
from services.narrator.pace import Paces
from services.narrator.samples import Samples
from shared import catalogue
from shared.errors import BadSpeechError
from shared.providers import tts

STORY = {
    "pt-BR": "Era uma vez uma abelha que não sabia voar. Todas as manhãs subia até a borda. Olhava "
    "o jardim e suspirava. Ninguém acreditava nela. Um dia o vento soprou forte. Ela abriu as asas "
    "e partiu. As flores vermelhas dançavam ao sol. Seus amigos aplaudiram de alegria.",
    "en-US": "Once there was a bee that could not fly. Every morning she climbed to the edge. She "
    "watched the garden and sighed. Nobody believed in her. One day a strong wind blew. She opened "
    "her wings and left. Red flowers danced in the sun. Her friends cheered with joy.",
    "hi-IN": "एक मधुमक्खी थी जो उड़ नहीं सकती थी. हर सुबह वह किनारे तक चढ़ती थी. "
    "वह बगीचे को देखकर आह भरती थी. किसी ने उस पर विश्वास नहीं किया. एक दिन तेज़ हवा चली. "
    "उसने पंख खोले और चल पड़ी.",
    "ar-XA": "كانت هناك نحلة لا تعرف الطيران. كل صباح تصعد إلى الحافة. تنظر إلى الحديقة وتتنهد. "
    "لم يصدقها أحد أبدا. ذات يوم هبت ريح قوية. فتحت جناحيها وانطلقت.",
    "th-TH": "มีผึ้งตัวหนึ่งที่บินไม่ได้. ทุกเช้ามันปีนไปที่ขอบรัง. มันมองดูสวนแล้วถอนหายใจ. ไม่มีใครเชื่อมันเลย. "
    "วันหนึ่งลมแรงพัดมา. มันกางปีกแล้วออกเดินทาง.",
}
SEGMENTS, FAULTS = 100, 4


async def _spoken() -> list[tuple[str, str, Samples, int]]:
    provider, chance, found = tts.create("espeak"), np.random.default_rng(11), []
    for number in range(SEGMENTS):
        language = list(STORY)[number % len(STORY)]
        sentences = STORY[language].rstrip(".").split(". ")
        count = int(chance.integers(3, len(sentences) + 1))
        text = ". ".join(chance.permutation(sentences)[:count]) + "."
        speech = await provider.speak(text, voice=catalogue.voice(f"espeak:{language}"))
        found.append((language, text, np.frombuffer(speech.pcm, "<i2"), speech.sample_rate))
    await provider.aclose()
    return found


def _broken(samples: Samples, sample_rate: int, fault: str, chance: np.random.Generator) -> Samples:
    if fault == "silent":
        return np.zeros_like(samples)
    if fault == "truncated":
        return samples[: int(len(samples) * chance.uniform(0.3, 0.7))]
    length = min(len(samples), int(chance.uniform(3, 6) * sample_rate))
    start = int(chance.integers(0, len(samples) - length + 1))
    again = samples[start : start + length]
    return np.concatenate([samples[: start + length], again, samples[start + length :]])


def _faults(chance: np.random.Generator) -> dict[int, str]:
    names = [fault for fault in ("silent", "truncated", "repeated") for _ in range(FAULTS)]
    places = chance.choice(SEGMENTS, len(names), replace=False)
    return dict(zip(map(int, places), names, strict=True))


def _refused(
    segments: list[tuple[str, str, Samples, int]], faults: dict[int, str]
) -> Iterator[int]:
    chance, paces = np.random.default_rng(13), Paces()
    for number, (language, text, samples, rate) in enumerate(segments):
        if number in faults:
            samples = _broken(samples, rate, faults[number], chance)
        expected = len(text) / catalogue.language(language).characters_per_second
        usual = paces.usual(language)
        paces.heard(language, seconds=len(samples) / rate, expected=expected)
        try:
            gate.check(samples, rate, text, expected_seconds=expected, usual=usual)
        except BadSpeechError:
            yield number


async def test_faults_are_caught_and_good_speech_passes() -> None:
    segments = await _spoken()
    faults = _faults(np.random.default_rng(12))

    refused = set(_refused(segments, faults))

    caught = Counter(faults[number] for number in refused & faults.keys())
    assert caught["silent"] == FAULTS
    assert caught.total() >= 3 * FAULTS - 1
    assert len(refused - faults.keys()) <= SEGMENTS / 100
