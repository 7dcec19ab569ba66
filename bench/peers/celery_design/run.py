"""Submits a batch, runs the workers until it is done, and prints how long that took as JSON."""

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

READY_SECONDS = 60

_TABLES = """
DROP TABLE IF EXISTS jobs, batches;
CREATE TABLE batches (id uuid PRIMARY KEY, total_jobs int, completed_jobs int DEFAULT 0);
CREATE TABLE jobs (
    id uuid PRIMARY KEY, batch_id uuid, title text, language_code text, voice_id text,
    status text, script_url text, audio_url text, started_at timestamptz, completed_at timestamptz
)
"""


def main() -> None:
    """Run one batch."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--titles", type=int, required=True)
    parser.add_argument("--languages", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--pool", default="prefork")
    asked = parser.parse_args()
    settings = json.loads(os.environ["PEER"])  # noqa: TID251 - not of the product
    with psycopg.connect(settings["database_url"], autocommit=True) as database:
        database.execute(_TABLES)
        workers = _workers(asked)
        try:
            result = _batch(database, asked)
        finally:
            workers.send_signal(signal.SIGTERM)
            workers.wait(60)
    sys.stdout.write(json.dumps(result) + "\n")


def _workers(asked: argparse.Namespace) -> "subprocess.Popen[bytes]":
    command = [
        *(sys.executable, "-m", "celery", "-A", "tasks", "worker"),
        *("-c", str(asked.workers), "-P", asked.pool, "--loglevel=ERROR"),
        *("--without-gossip", "--without-mingle"),
    ]
    here = Path(__file__).parent
    workers = subprocess.Popen(command, cwd=here, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    sys.path.insert(0, str(here))
    app = importlib.import_module("tasks").app

    deadline = time.monotonic() + READY_SECONDS
    while not app.control.inspect(timeout=1).ping():
        if time.monotonic() > deadline or workers.poll() is not None:
            raise RuntimeError("the workers did not come up")
    return workers


def _batch(database: Any, asked: argparse.Namespace) -> dict[str, float]:
    process_job = importlib.import_module("tasks").process_job
    batch = str(uuid4())
    pairs = [(t, lang) for t in range(asked.titles) for lang in range(asked.languages)]
    rows = [(str(uuid4()), batch, f"Title {t}", f"l{lang}", "voice") for t, lang in pairs]
    began = time.perf_counter()
    database.execute("INSERT INTO batches VALUES (%s, %s)", (batch, len(rows)))
    with database.cursor() as cursor:
        copy = "COPY jobs (id, batch_id, title, language_code, voice_id, status) FROM stdin"
        with cursor.copy(copy) as into:
            for row in rows:
                into.write_row((*row, "queued"))
    for number, _, title, language, voice in rows:
        job = {"id": number, "batch": batch, "title": title, "language": language}
        process_job.delay(job | {"voice": voice, "variation": 1})
    accepted = time.perf_counter() - began
    while _completed(database, batch) < len(rows):
        time.sleep(0.05)
    seconds = time.perf_counter() - began
    return {"jobs": len(rows), "accepted_in": accepted, "seconds": seconds}


def _completed(database: Any, batch: str) -> int:
    row = database.execute("SELECT completed_jobs FROM batches WHERE id = %s", (batch,)).fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
