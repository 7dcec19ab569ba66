from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import texttospeech_v1 as texttospeech

from bench.emulators import Addresses, Emulators
from tests.support.emulated import Ask, heard

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "Naquela manhã, a cidade inteira parou para ouvir o que mudaria as suas vidas."


async def test_speaks_loud_enough_and_as_long_as_the_text_takes(say: Ask) -> None:
    answer = await say(TEXT)

    seconds, level = heard(answer.audio_content)
    assert len(TEXT) / 16 < seconds < len(TEXT) / 9
    assert level > -30


async def test_fewer_characters_of_japanese_take_as_long(say: Ask) -> None:
    voice = {"language_code": "ja-JP", "name": "ja-JP-Chirp3-HD-Kore"}
    answer = await say("その朝、町じゅうの人々が足を止めて耳をすませました。", voice=voice)

    seconds, _ = heard(answer.audio_content)
    assert 3 < seconds < 8


async def test_speaks_twice_as_fast_at_twice_the_rate(say: Ask) -> None:
    slow, fast = await say(TEXT), await say(TEXT, audio={"speaking_rate": 2.0})

    ratio = heard(slow.audio_content)[0] / heard(fast.audio_content)[0]
    assert ratio == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "á" * 2_501}, "5000 bytes"),
        ({"audio": {"pitch": 2.0}}, "does not support pitch"),
        ({"audio": {"speaking_rate": 3.0}}, "speaking_rate"),
        ({"voice": {"name": "pt-BR-Chirp3-HD-Nobody"}}, "does not exist"),
        ({"voice": {"language_code": "en-US"}}, "doesn't match"),
        ({"voice": {"language_code": ""}}, "language code"),
        ({"text": ""}, "empty"),
    ],
)
async def test_refuses_what_google_refuses_and_charges_nothing(
    say: Ask, emulators: Emulators, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(exceptions.InvalidArgument, match=said):
        await say(**changes)

    assert emulators.log.totals["billable"] == 0


async def test_speaks_with_a_model(say: Ask) -> None:
    voice = {"language_code": "pt-BR", "name": "Kore", "model_name": "gemini-2.5-flash-tts"}

    assert heard((await say(TEXT, voice=voice)).audio_content)[0] > 3


@pytest.mark.parametrize(
    ("encoding", "start"), [("MP3", b""), ("OGG_OPUS", b"OggS"), ("MULAW", b"RIFF"), ("PCM", b"")]
)
async def test_speaks_in_other_encodings(say: Ask, encoding: str, start: bytes) -> None:
    answer = await say(TEXT, audio={"audio_encoding": encoding})

    assert answer.audio_content.startswith(start)
    assert len(answer.audio_content) > 5_000


async def test_lists_the_voices_of_a_language(
    tts: texttospeech.TextToSpeechAsyncClient,
) -> None:
    everyone = await tts.list_voices(timeout=10)
    some = await tts.list_voices(language_code="pt-BR", timeout=10)

    assert len(everyone.voices) > 1_000
    assert {code for voice in some.voices for code in voice.language_codes} == {"pt-BR"}


async def test_streams_what_is_sent_bit_by_bit(
    tts: texttospeech.TextToSpeechAsyncClient, emulators: Emulators
) -> None:
    async def requests() -> Any:
        config = texttospeech.StreamingSynthesizeConfig(
            voice={"language_code": "pt-BR", "name": "pt-BR-Chirp3-HD-Kore"}
        )
        yield texttospeech.StreamingSynthesizeRequest(streaming_config=config)
        for text in ("Bom dia. ", "Boa noite. "):
            yield texttospeech.StreamingSynthesizeRequest(input={"text": text})

    answers = [each async for each in await tts.streaming_synthesize(requests(), timeout=10)]

    assert sum(len(each.audio_content) for each in answers) > 24_000
    assert emulators.log.totals["billable"] == 2


async def test_says_the_same_over_rest(
    urls: Addresses, http: Any, say: Ask, emulators: Emulators
) -> None:
    by_grpc = await say(TEXT)
    body = {
        "input": {"text": TEXT},
        "voice": {"languageCode": "pt-BR", "name": "pt-BR-Chirp3-HD-Kore"},
        "audioConfig": {"audioEncoding": "LINEAR16"},
    }
    answer = await http.post(f"{urls.tts_rest}/v1/text:synthesize", json=body)
    listed = await http.get(f"{urls.tts_rest}/v1/voices", params={"languageCode": "pt"})

    content = texttospeech.SynthesizeSpeechResponse.from_json(answer.text).audio_content
    assert content == by_grpc.audio_content
    assert listed.json()["voices"][0]["ssmlGender"] in ("MALE", "FEMALE")
    assert list(emulators.log.billable.values()) == [2]
