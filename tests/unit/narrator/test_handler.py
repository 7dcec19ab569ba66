import io
import re

import av
import numpy as np
import pytest

from services.narrator.mastering import TARGETS
from shared.errors import InvalidRequestError
from shared.vocabulary import AudioFormat, Chapter, Options, Profile, ReadingNote
from tests.support.billing import billed
from tests.support.builders import JOB, agent, script_adapted
from tests.support.narrator import STORY, Room, tone
from tests.support.sound import decibels, decoded, ebur128


@pytest.mark.parametrize("language", STORY)
async def test_speaks_in_every_script(room: Room, language: str) -> None:
    ready = await room.narrate(script_adapted(language=language, voice=None, text=STORY[language]))

    samples, rate, _ = decoded(room.artefacts.objects[ready.audio.key])
    *_, last = re.findall(r"--> 00:00:(\d\d),(\d{3})", room.text(ready, "srt"))
    assert ready.voice == f"espeak:{language}"
    assert len(samples) / rate == pytest.approx(ready.audio_seconds, abs=0.05)
    assert float(".".join(last)) == pytest.approx(ready.audio_seconds, abs=0.2)
    assert decibels(samples) > -30
    assert room.text(ready, "script") == STORY[language]


async def test_says_what_came_of_it(room: Room) -> None:
    ready = await room.narrate(tone())

    assert (ready.job_id, ready.topic.name) == (JOB, "audio.ready")
    assert ready.audio.media_type == "audio/mpeg"
    assert ready.vtt.media_type == "text/vtt"
    assert ready.characters == len(STORY["pt-BR"])
    assert ready.segments == 1
    assert room.text(ready, "vtt").startswith("WEBVTT\n")


async def test_the_file_says_what_it_is(room: Room) -> None:
    ready = await room.narrate(tone(agent=agent(name="Clara")))

    _, _, tags = decoded(room.artefacts.objects[ready.audio.key])
    assert tags["title"] == "O segredo das abelhas"
    assert (tags["artist"], tags["language"]) == ("Clara", "pt-BR")
    assert "synthetic voice" in tags["comment"]


async def test_an_agent_that_travels_by_reference_is_looked_up(room: Room) -> None:
    persona = agent(name="Dora", default_voices={"pt-BR": "tone:pt-PT"})
    ref = await room.artefacts.put(
        "agent", persona.model_dump_json().encode(), media_type="application/json"
    )

    ready = await room.narrate(tone(voice=None, agent_ref=ref))

    _, _, tags = decoded(room.artefacts.objects[ready.audio.key])
    assert (ready.voice, tags["artist"]) == ("tone:pt-PT", "Dora")


async def test_a_text_that_travels_by_reference_is_looked_up(room: Room) -> None:
    ref = await room.artefacts.put("adapted", "Olá, mundo!".encode(), media_type="text/plain")

    ready = await room.narrate(tone(script=ref, text=None))

    assert room.text(ready, "script") == "Olá, mundo!"


async def test_what_is_not_spoken_is_in_no_subtitle(room: Room) -> None:
    ready = await room.narrate(tone(text="# Título\n\n[música] **Olá**, mundo! 🐝"))

    assert room.text(ready, "script") == "Olá, mundo!"
    assert "Olá, mundo!" in room.text(ready, "srt")


async def test_a_redelivered_event_causes_the_same_event_and_no_call(room: Room) -> None:
    event = tone()

    with billed() as bill:
        first, second = await room.narrate(event), await room.narrate(event)

    assert first.event_id == second.event_id
    assert first.audio == second.audio
    assert [paid.calls for paid in await bill.total()] == [1]


async def test_counts_what_was_really_spoken(room: Room) -> None:
    with billed() as bill:
        ready = await room.narrate(tone())

    (usage,) = await bill.total()
    assert (usage.provider, usage.model, usage.calls) == ("tone", "sine", 1)
    assert usage.characters == len(STORY["pt-BR"])
    assert usage.audio_seconds == pytest.approx(ready.audio_seconds, abs=0.5)


async def test_another_title_is_another_file_of_the_same_speech(room: Room) -> None:
    first = await room.narrate(tone())
    with billed() as bill:
        second = await room.narrate(tone(title="Outro título"))

    assert first.audio != second.audio
    assert await bill.total() == ()


async def test_speaks_at_the_pace_that_was_asked_for(room: Room) -> None:
    plain = await room.narrate(tone())
    fast = await room.narrate(tone(options=Options(speaking_rate=2.0)))

    assert fast.audio_seconds == pytest.approx(plain.audio_seconds / 2, rel=0.05)


@pytest.mark.parametrize("text", ["# Só um título", "…", "[música]"])
async def test_a_text_without_a_word_to_speak_is_refused(room: Room, text: str) -> None:
    with pytest.raises(InvalidRequestError, match="nothing in this text"):
        await room.narrate(tone(text=text))


async def test_the_jobs_log_says_what_is_going_on(room: Room) -> None:
    await room.narrate(tone())

    assert room.reports == [
        (JOB, "speaking 1 segment as tone:pt-BR"),
        (JOB, "joining 1 segment"),
    ]


async def test_no_speech_is_made_for_an_event_that_cannot_be_served(room: Room) -> None:
    with pytest.raises(InvalidRequestError):
        await room.narrate(tone(language="en-US"))

    assert room.artefacts.objects == {}


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("language", STORY)
async def test_it_is_as_loud_as_its_profile_wants(
    room: Room, language: str, profile: Profile
) -> None:
    ready = await room.narrate(
        script_adapted(
            language=language, voice=None, text=STORY[language], options=Options(profile=profile)
        )
    )

    samples, rate, _ = decoded(room.artefacts.objects[ready.audio.key])
    lufs, peak = ebur128(samples.astype(np.float32) / np.float32(32_768), rate)
    target = TARGETS[profile]
    level = decibels(samples) if target.by_rms else lufs
    assert level == pytest.approx(target.level, abs=1.0)
    assert peak <= target.peak + 0.05
    assert ready.loudness_lufs == pytest.approx(lufs, abs=0.3)
    assert ready.true_peak_dbtp == pytest.approx(peak, abs=0.3)


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        (AudioFormat.MP3, "audio/mpeg"),
        (AudioFormat.OPUS, "audio/ogg"),
        (AudioFormat.WAV, "audio/wav"),
    ],
)
async def test_the_file_is_of_the_format_that_was_asked_for(
    room: Room, format: AudioFormat, media_type: str
) -> None:
    ready = await room.narrate(tone(options=Options(format=format)))

    samples, rate, _ = decoded(room.artefacts.objects[ready.audio.key])
    assert ready.audio.media_type == media_type
    assert len(samples) / rate == pytest.approx(ready.audio_seconds, abs=0.05)
    assert (ready.true_peak_dbtp or 0) <= -1.0


async def test_chapters_begin_with_the_speech_of_their_paragraph(room: Room) -> None:
    chapters = (Chapter(title="A abelha", paragraph=0), Chapter(title="O voo", paragraph=1))

    ready = await room.narrate(tone(chapters=chapters, voice="espeak:pt-BR"))

    with av.open(io.BytesIO(room.artefacts.objects[ready.audio.key]), "r") as container:
        found = container.chapters()
    samples, rate, _ = decoded(room.artefacts.objects[ready.audio.key])
    begins = found[1]["start"] / 1_000
    before = samples[int((begins - 0.4) * rate) : int((begins - 0.02) * rate)]
    after = samples[int(begins * rate) : int((begins + 0.1) * rate)]
    assert [each["metadata"]["title"] for each in found] == ["A abelha", "O voo"]
    assert found[0]["start"] == 0
    assert decibels(before) < -50
    assert decibels(after) > -35


async def test_subtitles_show_what_is_written_and_the_voice_says_what_is_noted(
    room: Room,
) -> None:
    text = "O ingresso custa R$ 1.500 para todos."
    note = ReadingNote(term="R$ 1.500", pronunciation="mil e quinhentos reais")

    plain = await room.narrate(tone(text=text))
    noted = await room.narrate(tone(text=text, reading_notes=(note,)))

    assert "custa R$ 1.500 para" in room.text(noted, "srt")
    assert room.text(noted, "script") == text
    assert noted.audio_seconds > plain.audio_seconds + 0.5
