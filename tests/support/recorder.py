"""A stage that writes down what it does, as a process: `uvicorn tests.support.recorder:build`.

Each line of the file named by RECORDER_FILE is "S|F <process> <job_id>": started, finished.
A job's title says how many seconds it takes; "poison" raises, "crash" ends the process.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from faststream.asgi.types import ASGIApp
from faststream_concurrent_aiokafka.rebalance import (
    ConsumerRebalanceListener,
    _ContextConsumerRebalanceListener,
)
from pydantic import Field

from shared import topics
from shared.events import AudioReady, Event, ScriptAdapted
from shared.runtime import CommonSettings, Service
from tests.support.builders import artefact_ref


class Settings(CommonSettings):
    """Where to write."""

    recorder_file: Path = Field(description="The log of what was started and finished.")
    recorder_poison: bool = Field(default=True, description="Whether poison works.")
    recorder_slow: float = Field(default=0.0, description="How long an assignment takes.")
    recorder_topic: str = Field(description="What it consumes, and its consumer group.")


class Recorder:
    """Takes as long as the title says, then says that the job is spoken."""

    def __init__(self, file: Path, *, poison: bool) -> None:
        self._poison = poison
        # One write per line to a file in append mode: lines of several processes stay whole.
        self._file = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    async def __call__(self, event: ScriptAdapted) -> Sequence[Event]:
        self._write("S", event)
        if event.title == "crash":
            os._exit(1)
        if event.title == "poison":
            if self._poison:
                raise ValueError("poison")
        else:
            await asyncio.sleep(float(event.title))
        self._write("F", event)
        ref = artefact_ref()
        return [
            AudioReady(
                **event.leads_to("audio"),
                audio=ref,
                script=ref,
                srt=ref,
                vtt=ref,
                audio_seconds=1.0,
                characters=1,
                segments=1,
            )
        ]

    def _write(self, what: str, event: ScriptAdapted) -> None:
        os.write(self._file, f"{what} {os.getpid()} {event.job_id}\n".encode())


def build() -> ASGIApp:
    """Wire it as a service named after its topic."""
    settings = Settings()
    _slow_down(settings.recorder_slow)
    topic = replace(topics.SCRIPT_ADAPTED, name=settings.recorder_topic)
    consumes = type("Recorded", (ScriptAdapted,), {"topic": topic, "__module__": __name__})
    service = Service(settings.recorder_topic, settings)
    handle = Recorder(settings.recorder_file, poison=settings.recorder_poison)
    return service.stage(consumes=consumes, handle=handle)


def _slow_down(seconds: float) -> None:
    async def on_partitions_assigned(*_: object) -> None:
        await asyncio.sleep(seconds)

    if seconds:
        # What a listener does with the database, or a garbage collection, may take.
        for listener in (ConsumerRebalanceListener, _ContextConsumerRebalanceListener):
            setattr(listener, "on_partitions_assigned", on_partitions_assigned)  # noqa: B010 - a patch
