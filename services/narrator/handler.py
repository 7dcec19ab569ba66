"""script.adapted -> audio.ready."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.narrator import encoding, narration, subtitles
from services.narrator.casting import voice_of
from services.narrator.narration import Narration, Order
from services.narrator.normalise import spoken
from services.narrator.recording import Recording, Studio
from services.narrator.segments import Segment, split
from services.narrator.speaking import Speaker, Tally
from shared.artefacts import Artefacts
from shared.catalogue import Voice
from shared.errors import InvalidRequestError
from shared.events import AudioReady, ScriptAdapted
from shared.vocabulary import Agent

# Whose name an audio file bears where no agent has one.
ARTIST = "Bolt IA"

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Narrator:
    """Speaks a text, whole, and says where the audio and its subtitles lie.

    Attributes:
        providers: Those that could speak now, best first: asked where nobody is named.
        report: Adds a line to a job's log.
    """

    artefacts: Artefacts
    speaker: Speaker
    studio: Studio
    providers: Sequence[str]
    report: Callable[[UUID, str], None]

    async def __call__(self, event: ScriptAdapted) -> list[AudioReady]:
        """Answer one adapted script."""
        agent = await self._agent(event)
        voice = voice_of(event, agent, self.providers)
        order = Order(
            text=spoken(await self._text(event)),
            voice=voice,
            rate=event.options.speaking_rate,
            pitch=event.options.pitch_semitones,
            tags=_tags(event, agent, voice),
        )
        tally = Tally()
        made = await self._narration(order, tally, event.job_id)
        ready = AudioReady(
            **event.leads_to("audio") | {"voice": voice.id},
            **{name: getattr(made, name) for name in Narration.model_fields},
            usage=(tally.usage(voice.provider),),
        )
        return [ready]

    async def _text(self, event: ScriptAdapted) -> str:
        if event.script is None:
            return event.text or ""
        return (await self.artefacts.get(event.script)).decode()

    async def _agent(self, event: ScriptAdapted) -> Agent:
        if event.agent_ref is None:
            return event.agent or Agent(name=ARTIST)
        return Agent.model_validate_json(await self.artefacts.get(event.agent_ref))

    async def _narration(self, order: Order, tally: Tally, job_id: UUID) -> Narration:
        found = await self.artefacts.once(
            "narration",
            order.fingerprint,
            lambda: self._made(order, tally, job_id),
            media_type=narration.MEDIA_TYPE,
        )
        return Narration.model_validate_json(await self.artefacts.get(found.ref))

    async def _made(self, order: Order, tally: Tally, job_id: UUID) -> bytes:
        voice = order.voice
        delivery = await self.speaker.delivery(voice, rate=order.rate, pitch=order.pitch)
        limit = delivery.can.max_bytes
        segments = [
            segment
            for segment in split(order.text, language=voice.language, max_bytes=limit)
            if any(map(str.isalnum, segment.text))
        ]
        if not segments:
            raise InvalidRequestError("nothing in this text can be spoken")
        how_many = f"{len(segments)} segment{'s' if len(segments) > 1 else ''}"
        self.report(job_id, f"speaking {how_many} as {voice.id}")
        speeches = await self.speaker.speak(segments, delivery, tally)
        self.report(job_id, f"joining {how_many}")
        recording = await self.studio.record(segments, speeches, delivery, order.tags)
        return await self._stored(order.text, segments, recording)

    async def _stored(self, text: str, segments: Sequence[Segment], recording: Recording) -> bytes:
        cues = await asyncio.to_thread(subtitles.cues, segments, recording.spans)
        put = self.artefacts.put
        made = Narration(
            audio=await put("audio", recording.audio, media_type=encoding.MEDIA_TYPE),
            script=await put("script", text.encode(), media_type=TEXT),
            srt=await put("subtitles", subtitles.srt(cues), media_type=subtitles.SRT),
            vtt=await put("subtitles", subtitles.vtt(cues), media_type=subtitles.VTT),
            audio_seconds=recording.seconds,
            characters=len(text),
            segments=len(segments),
        )
        return made.model_dump_json().encode()


def _tags(event: ScriptAdapted, agent: Agent, voice: Voice) -> dict[str, str]:
    unnamed = agent.name in ("", Agent().name)
    return {
        "title": event.title,
        "artist": ARTIST if unnamed else agent.name,
        "language": voice.language,
        "comment": f"Narrated by a synthetic voice: {voice.id}",
    }
