"""The task: cache, script, adaptation, speech, two files, cache again, row, counter."""

import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import redis
from celery import Celery

# This process is not the product's: it is told where things are by whoever starts it.
_SETTINGS: dict[str, Any] = json.loads(os.environ["PEER"])  # noqa: TID251 - not of the product
_SCALE: float = _SETTINGS["scale"]
_SCRIPT = "Olá. " * 600
_SOUND = b"\xff\xfb\x90\x00" * 5_000
_MONTH_SECONDS = 30 * 24 * 3_600

app = Celery("peer", broker=_SETTINGS["redis_url"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@lru_cache
def _database() -> Any:
    return psycopg.connect(_SETTINGS["database_url"])


@lru_cache
def _cache() -> Any:
    return redis.Redis.from_url(_SETTINGS["redis_url"])


@lru_cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2)


def _provider(seconds: float) -> None:
    if _SCALE:
        time.sleep(seconds / _SCALE)


def _put(name: str, data: bytes) -> str:
    file = Path(_SETTINGS["folder"]) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return str(file)


@app.task(bind=True, max_retries=3)  # type: ignore[untyped-decorator] # Celery has no types
def process_job(self: Any, job: dict[str, Any]) -> None:
    """Make one job."""
    try:
        _make(job)
    except (psycopg.Error, redis.RedisError, OSError) as error:
        _database().rollback()
        raise self.retry(exc=error, countdown=2**self.request.retries) from error


def _make(job: dict[str, Any]) -> None:
    database, cache = _database(), _cache()
    database.execute(
        "UPDATE jobs SET status = 'running', started_at = now() WHERE id = %s", (job["id"],)
    )
    database.commit()
    what = "|".join((job["title"], job["language"], job["voice"], str(job["variation"])))
    key = "job:" + hashlib.sha256(what.encode()).hexdigest()
    found = cache.get(key)
    files = json.loads(found) if found else _made(job)
    if not found:
        cache.setex(key, _MONTH_SECONDS, json.dumps(files))
    database.execute(
        "UPDATE jobs SET status = 'completed', script_url = %s, audio_url = %s,"
        " completed_at = now() WHERE id = %s",
        (*files, job["id"]),
    )
    database.execute(
        "UPDATE batches SET completed_jobs = completed_jobs + 1 WHERE id = %s", (job["batch"],)
    )
    database.commit()


def _made(job: dict[str, Any]) -> list[str]:
    for seconds in _SETTINGS["latencies"]:
        _provider(seconds)
    folder = f"{job['batch']}/{job['id']}"
    text = _threads().submit(_put, f"{folder}/script.txt", (job["title"] + _SCRIPT).encode())
    sound = _threads().submit(_put, f"{folder}/audio.mp3", _SOUND)
    return [text.result(), sound.result()]
