"""script.adapted -> audio.ready."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.narrator import cuts, narration, subtitles
from services.narrator.casting import named, voice_of
from services.narrator.narration import Narration, Order
from services.narrator.parts import Part, begun, parts, segmented
from services.narrator.reading import Reading
from services.narrator.recording import Production, Recording
from services.narrator.segments import Segment
from services.narrator.speaking import Delivery, Speaker
from services.narrator.standing_in import StandIns
from services.narrator.studio import Studio
from shared.artefacts import Artefacts
from shared.catalogue import Choice, Voice, gate
from shared.catalogue.gate import Verdict
from shared.errors import InvalidRequestError, PipelineError, WrongLanguageError
from shared.events import AudioReady, ScriptAdapted
from shared.providers.tts import Speakers, SpeakersOf
from shared.vocabulary import Agent

# Whose name an audio file bears where no agent has one.
ARTIST = "Bolt IA"

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Narrator:
    """Speaks a text, whole, and says where the audio and its subtitles lie.

    Attributes:
        speakers: Tells who could speak for a user now: asked where nobody is named.
        report: Adds a line to a job's log.
        judge: Says whether a text is in its language.
        stand_ins: Chooses who speaks where a voice cannot, and another may.
    """

    artefacts: Artefacts
    speaker: Speaker
    studio: Studio
    speakers: SpeakersOf
    report: Callable[[UUID, str], None]
    judge: Callable[..., Awaitable[Verdict]] = gate.judge
    stand_ins: StandIns = field(default_factory=StandIns)

    async def __call__(self, event: ScriptAdapted) -> list[AudioReady]:
        """Answer one adapted script."""
        agent, speakers = await self._agent(event), await self.speakers(event.user_id)
        first = self._first(event, agent, speakers)
        text = await self._text(event)
        await self._check_language(event, text)
        cut = await self._cut(event)
        commission = _Commission(event, agent, parts(text, event.chapters), cut)
        choice, made = await self._by((first,), commission, speakers)
        used = choice.voice.id
        ready = AudioReady(
            **event.leads_to("audio") | {"voice": named(event, agent) or used},
            **{name: getattr(made, name) for name in Narration.model_fields},
            voice_used=used,
            voice_reason=choice.reason,
        )
        return [ready]

    def _first(self, event: ScriptAdapted, agent: Agent, speakers: Speakers) -> Choice:
        try:
            choice = voice_of(event, agent, speakers)
        except InvalidRequestError as error:
            other = self.stand_ins.instead(event, error, (), speakers)
            if other is None:
                raise
            choice = other
        if choice.reason:
            said = choice.reason if named(event, agent) else f"nobody was named: {choice.reason}"
            self.report(event.job_id, said)
        return choice

    async def _by(
        self, chosen: Sequence[Choice], commission: "_Commission", speakers: Speakers
    ) -> tuple[Choice, Narration]:
        """Return who spoke, and what came of it. The newest of those chosen begins."""
        event = commission.event
        try:
            return chosen[-1], await self._spoken(commission, chosen[-1].voice)
        except PipelineError as error:
            tried = [choice.voice for choice in chosen]
            other = self.stand_ins.instead(event, error, tried, speakers)
            if other is None:
                raise
        self.report(event.job_id, other.reason)
        return await self._by((*chosen, other), commission, speakers)

    async def _spoken(self, commission: "_Commission", voice: Voice) -> Narration:
        event = commission.event
        options = event.options
        delivery = await self.speaker.delivery(
            voice, rate=options.speaking_rate, pitch=options.pitch_semitones, style=options.style
        )
        tags = _tags(event, commission.agent, voice)
        order = Order(
            parts=commission.parts,
            can=delivery.can,
            voice=voice,
            rate=options.speaking_rate,
            pitch=options.pitch_semitones,
            style=options.style,
            reading=Reading(event.reading_notes),
            production=Production(tags, options.format, options.profile),
            before=commission.before,
        )
        return await self._narration(order, delivery, event.job_id)

    async def _text(self, event: ScriptAdapted) -> str:
        if event.script is None:
            return event.text or ""
        return (await self.artefacts.get(event.script)).decode()

    async def _cut(self, event: ScriptAdapted) -> cuts.Cut:
        return cuts.load(await self.artefacts.get(event.cut_before)) if event.cut_before else ()

    async def _check_language(self, event: ScriptAdapted, text: str) -> None:
        # What the adapter stored has passed its gate; what came inline has passed none.
        if event.text is None:
            return
        # A text that is called by its own words would have nothing left to be read.
        title = "" if 2 * len(event.title) > len(text) else event.title
        verdict = await self.judge(text, event.language, title=title)
        if verdict.unchecked:
            self.report(event.job_id, f"not checked: {verdict.unchecked}")
        if verdict.reads_as:
            raise WrongLanguageError(
                f"the text is said to be in {event.language} and reads as {verdict.reads_as!r}; "
                "nothing of it was spoken"
            )

    async def _agent(self, event: ScriptAdapted) -> Agent:
        if event.agent_ref is None:
            return event.agent or Agent(name=ARTIST)
        return Agent.model_validate_json(await self.artefacts.get(event.agent_ref))

    async def _narration(self, order: Order, delivery: Delivery, job_id: UUID) -> Narration:
        found = await self.artefacts.once(
            "narration",
            order.fingerprint,
            lambda: self._made(order, delivery, job_id),
            media_type=narration.MEDIA_TYPE,
        )
        return Narration.model_validate_json(await self.artefacts.get(found.ref))

    async def _made(self, order: Order, delivery: Delivery, job_id: UUID) -> bytes:
        voice = order.voice
        segments, titles = segmented(
            order.parts,
            language=voice.language,
            max_bytes=delivery.can.max_bytes,
            say=order.reading,
            before=order.before,
        )
        if not segments:
            raise InvalidRequestError("nothing in this text can be spoken")
        how_many = f"{len(segments)} segment{'s' if len(segments) > 1 else ''}"
        self.report(job_id, f"speaking {how_many} as {voice.id}")
        speeches = await self.speaker.speak(segments, delivery)
        self.report(job_id, f"joining {how_many}")
        production = replace(order.production, chapters=titles)
        recording = await self.studio.record(segments, speeches, delivery, production)
        return await self._stored(order, segments, recording)

    async def _stored(
        self, order: Order, segments: Sequence[Segment], recording: Recording
    ) -> bytes:
        text, media_type = order.text, order.production.encoding.media_type
        cues = await asyncio.to_thread(subtitles.cues, segments, recording.spans)
        put = self.artefacts.put
        made = Narration(
            audio=await put("audio", recording.audio, media_type=media_type),
            script=await put("script", text.encode(), media_type=TEXT),
            srt=await put("subtitles", subtitles.srt(cues), media_type=subtitles.SRT),
            vtt=await put("subtitles", subtitles.vtt(cues), media_type=subtitles.VTT),
            audio_seconds=recording.seconds,
            characters=len(text),
            segments=len(segments),
            cut=await put("cut", cuts.dump([s.sentences for s in segments]), media_type=JSON),
            chapters=begun(order.parts),
            loudness_lufs=round(recording.lufs, 2),
            true_peak_dbtp=round(recording.true_peak, 2),
        )
        return made.model_dump_json().encode()


@dataclass(frozen=True, slots=True)
class _Commission:
    event: ScriptAdapted
    agent: Agent
    parts: tuple[Part, ...]
    before: cuts.Cut


def _tags(event: ScriptAdapted, agent: Agent, voice: Voice) -> dict[str, str]:
    unnamed = agent.name in ("", Agent().name)
    return {
        "title": event.title,
        "artist": ARTIST if unnamed else agent.name,
        "language": voice.language,
        "comment": f"Narrated by a synthetic voice: {voice.id}",
    }
