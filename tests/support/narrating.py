"""A pipeline that speaks at once: what is published has ended when it is looked at."""

import wave
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from services.gateway.store.batches import as_accepted
from shared.events import BatchesSubmitted, Event
from shared.expansion import expand
from shared.vocabulary import AudioFormat, BatchCounts, BatchState, JobState
from tests.support.gateway import FakePublisher, job

if TYPE_CHECKING:
    from tests.support.gateway import FakeGateway

SAMPLES = b"\x01\x02" * 2_400
KINDS = {
    AudioFormat.MP3: "audio/mpeg",
    AudioFormat.OPUS: "audio/ogg",
    AudioFormat.FLAC: "audio/flac",
    AudioFormat.WAV: "audio/wav",
}


def wav() -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(24_000)
        out.writeframes(SAMPLES)
    return file.getvalue()


class Speaking(FakePublisher):
    """Ends every batch it hears of; a text it heard before costs nothing."""

    def __init__(self, gateway: "FakeGateway", *, error: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._gateway = gateway
        self._error = error
        self._heard: set[str] = set()

    async def publish(self, event: Event) -> None:
        await super().publish(event)
        if isinstance(event, BatchesSubmitted) and event.request:
            self._end(event)

    def _end(self, event: BatchesSubmitted) -> None:
        assert event.request
        format = event.request.options.format
        sound = wav() if format is AudioFormat.WAV else b"sound as " + format.encode()
        state = JobState.FAILED if self._error else JobState.COMPLETED
        for planned in expand(event.batch_id, event.request):
            code, words = self._error or (None, None)
            said = planned.text or planned.title
            spoken = self._gateway.storage.keep(sound, KINDS[format])
            script = self._gateway.storage.keep(said.encode(), "text/plain; charset=utf-8")
            self._gateway.jobs.add(
                job(
                    job_id=planned.job_id,
                    batch_id=event.batch_id,
                    position=planned.position,
                    title=planned.title,
                    language=planned.language,
                    voice=planned.voice,
                    variation=planned.variation,
                    aspect=planned.aspect,
                    state=state,
                    audio=None if self._error else spoken,
                    script=script,
                    adapted=script,
                    audio_seconds=None if self._error else 0.1,
                    characters=len(said),
                    provider_calls=0 if said in self._heard else 1,
                    error_stage="narrator" if self._error else None,
                    error_code=code,
                    error=words,
                ),
                owner=event.user_id,
            )
            self._heard.add(said)
        total = event.total_jobs
        ended = {"failed" if self._error else "completed": total}
        self._gateway.batches.add(
            replace(
                as_accepted(event),
                state=BatchState.FAILED if self._error else BatchState.COMPLETED,
                counts=BatchCounts(total=total, **ended),
            ),
            owner=event.user_id,
        )
