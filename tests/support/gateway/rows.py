"""Rows as the gateway reads them, and whose they are."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.gateway.store.batches import Batch
from services.gateway.store.jobs import Job
from shared.vocabulary import BatchCounts, BatchState, JobState, Mode

ME = UUID("00000000-0000-0000-0000-0000000000a1")
SOMEBODY_ELSE = UUID("00000000-0000-0000-0000-0000000000a2")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def batch(**changes: Any) -> Batch:
    values: dict[str, Any] = {
        "batch_id": uuid4(),
        "name": "Bees",
        "mode": Mode.MATRIX,
        "state": BatchState.RUNNING,
        "counts": BatchCounts(total=4, queued=2, completed=2),
        "provider_calls": 3,
        "characters": 100,
        "audio_seconds": 12.5,
        "seq": 3,
        "created_at": NOW,
        "started_at": NOW,
        "updated_at": NOW,
        "completed_at": None,
    }
    return Batch(**values | changes)


def job(**changes: Any) -> Job:
    values: dict[str, Any] = {
        "job_id": uuid4(),
        "batch_id": uuid4(),
        "position": 0,
        "title": "O segredo das abelhas",
        "language": "pt-BR",
        "voice": "espeak:pt-BR",
        "variation": 1,
        "aspect": "",
        "state": JobState.QUEUED,
        "script": None,
        "adapted": None,
        "audio": None,
        "srt": None,
        "vtt": None,
        "audio_seconds": None,
        "characters": None,
        "segments": None,
        "provider_calls": 0,
        "error_stage": None,
        "error_code": None,
        "error": None,
        "attempts": 0,
        "created_at": NOW,
        "started_at": None,
        "updated_at": NOW,
        "completed_at": None,
    }
    return Job(**values | changes)
