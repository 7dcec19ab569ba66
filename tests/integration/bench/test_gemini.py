import json
from typing import Any

import jsonschema
import pytest
from google.genai import types
from pydantic import BaseModel

from bench.emulators import Emulators
from tests.support.emulated import Ask, heard

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Block(BaseModel):
    heading: str
    target_characters: int


class Plan(BaseModel):
    blocks: list[Block]
    tone: str


async def test_answers_in_the_language_and_of_the_length_asked_for(ask: Ask) -> None:
    answer = await ask("Write about 900 characters, in Spanish.")

    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert 800 <= len(answer.text) <= 1_000
    assert " el " in answer.text
    assert answer.usage_metadata.candidates_token_count > 100
    assert answer.model_version == "gemini-3.8-flash"


async def test_the_system_instruction_says_the_language(ask: Ask) -> None:
    answer = await ask("Title: In Italian", system_instruction="You write in the language ja-JP.")

    assert "。" in answer.text


async def test_equal_questions_have_equal_answers(ask: Ask) -> None:
    first, again, other = await ask("Title: one"), await ask("Title: one"), await ask("Title: two")

    assert first.text == again.text
    assert first.text != other.text


async def test_a_pydantic_schema_is_answered_with_such_a_model(ask: Ask) -> None:
    answer = await ask(
        "Plan: about 5 of them, 5000 characters in all, in Portuguese.",
        response_mime_type="application/json",
        response_schema=Plan,
    )

    assert isinstance(answer.parsed, Plan)
    assert len(answer.parsed.blocks) == 5
    assert {block.target_characters for block in answer.parsed.blocks} == {1_000}


async def test_a_json_schema_is_answered_with_what_validates(ask: Ask) -> None:
    schema = Plan.model_json_schema()

    answer = await ask(response_mime_type="application/json", response_json_schema=schema)

    jsonschema.validate(json.loads(answer.text), schema)


async def test_a_stream_is_the_answer_in_pieces(ask: Ask, gemini: Any) -> None:
    prompt = "Write about 2000 characters, in English."
    whole = await ask(prompt)

    pieces = [
        piece
        async for piece in await gemini.models.generate_content_stream(
            model="gemini-3.8-flash", contents=prompt
        )
    ]

    assert len(pieces) > 3
    assert pieces[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert pieces[-1].usage_metadata.total_token_count > 0
    assert len("".join(piece.text or "" for piece in pieces)) == pytest.approx(
        len(whole.text), rel=0.2
    )


async def test_the_newest_voice_answers_with_a_wav_file(ask: Ask) -> None:
    answer = await ask(
        "Uma frase que leva alguns segundos para ser dita em voz alta.",
        model="gemini-3.8-flash-tts",
        response_modalities=["AUDIO"],
        speech_config=types.SpeechConfig(voice_config=types.VoiceConfig(voice="Kore")),
    )

    audio = answer.candidates[0].content.parts[0].inline_data
    seconds, level = heard(audio.data)
    assert audio.mime_type == "audio/wav"
    assert 3 < seconds < 8
    assert level > -30


async def test_older_voices_answer_with_bare_samples_and_say_their_rate(ask: Ask) -> None:
    voice = types.PrebuiltVoiceConfig(voice_name="Kore")
    answer = await ask(
        "Bom dia.",
        model="gemini-2.5-flash-preview-tts",
        response_modalities=["AUDIO"],
        speech_config=types.SpeechConfig(
            voice_config=types.VoiceConfig(prebuilt_voice_config=voice)
        ),
    )

    audio = answer.candidates[0].content.parts[0].inline_data
    assert "rate=24000" in audio.mime_type
    assert audio.data[:4] != b"RIFF"


async def test_lists_models_and_counts_tokens(gemini: Any) -> None:
    models = [model.name async for model in await gemini.models.list()]
    counted = await gemini.models.count_tokens(model="gemini-3.8-flash", contents="Bom dia a todos")

    assert "models/gemini-3.8-flash" in models
    assert counted.total_tokens == 3


async def test_equal_questions_share_a_fingerprint_however_they_are_spelt(
    urls: Any, http: Any, emulators: Emulators
) -> None:
    contents = [{"role": "user", "parts": [{"text": "Hi"}]}]
    url = f"{urls.gemini}/v1beta/models/gemini-3.8-flash:generateContent"

    for config in ({"maxOutputTokens": 9}, {"max_output_tokens": 9}):
        await http.post(url, json={"contents": contents, "generationConfig": config})

    assert list(emulators.log.billable.values()) == [2]
