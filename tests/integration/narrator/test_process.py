import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.stack import Stack
from shared.events import AudioReady, JobsFailed, ScriptAdapted
from shared.vocabulary import ArtefactRef
from tests.support.builders import script_adapted
from tests.support.sound import decibels, decoded

pytestmark = [pytest.mark.connected, pytest.mark.timeout(180)]

OFFLINE = {"GOOGLE_TTS_API_KEYS": "", "GOOGLE_TTS_ENDPOINT": ""}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(
        tmp_path_factory.mktemp("narrator"),
        servers=("kafka", "valkey"),
        services=("narrator", "narrator-2"),
        preparations=("shared.runtime.create_topics",),
        env=OFFLINE,
        forget=True,
    ) as stack:
        yield stack


def _adapted(**changes: object) -> ScriptAdapted:
    return script_adapted(**{"job_id": uuid4(), "event_id": uuid4(), **changes})


async def _answered(
    stack: Stack, events: Sequence[ScriptAdapted], answer: type[AudioReady | JobsFailed]
) -> list[AudioReady | JobsFailed]:
    jobs = {event.job_id for event in events}
    servers = stack.endpoints.kafka
    consumer = AIOKafkaConsumer(
        answer.topic.name, bootstrap_servers=servers, auto_offset_reset="earliest"
    )
    found: dict[object, AudioReady | JobsFailed] = {}
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer, consumer:
        for event in events:
            await producer.send_and_wait(
                event.topic.name, event.model_dump_json().encode(), key=event.key
            )
        async with asyncio.timeout(90):
            while found.keys() != jobs:
                record = await consumer.getone()
                said = answer.model_validate_json(record.value)
                if said.job_id in jobs:
                    found[said.job_id] = said
    return list(found.values())


def _stored(stack: Stack, ref: ArtefactRef) -> bytes:
    return Path(stack.state.directory, "artefacts", ref.key).read_bytes()


async def test_two_replicas_speak_equal_scripts_once(stack: Stack) -> None:
    text = f"Era uma vez uma abelha chamada {uuid4().hex}. Ela não sabia voar."
    events = [_adapted(text=text, voice=None) for _ in range(24)]

    answers = await _answered(stack, events, AudioReady)

    ready = [answer for answer in answers if isinstance(answer, AudioReady)]
    (audio,) = {answer.audio for answer in ready}
    samples, rate, _ = decoded(_stored(stack, audio))
    assert sum(paid.calls for answer in ready for paid in answer.usage) == 1
    assert {answer.voice for answer in ready} == {"espeak:pt-BR"}
    assert len(samples) / rate == pytest.approx(ready[0].audio_seconds, abs=0.05)
    assert decibels(samples) > -30


async def test_what_cannot_be_served_fails_with_its_reason(stack: Stack) -> None:
    events = [_adapted(voice="espeak:en-US"), _adapted(text="# Só um título")]

    answers = await _answered(stack, events, JobsFailed)

    failed = [answer for answer in answers if isinstance(answer, JobsFailed)]
    assert {answer.code for answer in failed} == {"invalid_request"}
    assert any("speaks en-US" in answer.reason for answer in failed)
    assert {answer.stage for answer in failed} == {"narrator"}
