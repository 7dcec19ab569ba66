"""`make demo`: five titles in four languages, from nothing to audio, through the public API."""

import asyncio
import csv
import io
import json
import shutil
import sys
import time
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from cli.bars import follow
from cli.client import Client
from deploy.local.commands import notice
from deploy.local.launcher import StartError
from deploy.local.stack import Stack
from deploy.local.supervision import Supervision

OUTPUT = Path("demo-output")
SECONDS = 1_800

BATCH: dict[str, Any] = {
    "mode": "matrix",
    "name": "Demo",
    "titles": [
        "Por que o céu é azul",
        "O segredo das abelhas",
        "A cidade que nunca dorme",
        "Como nasce um vulcão",
        "A história do café",
    ],
    "languages": ["pt-BR", "en-US", "es-ES", "fr-FR"],
    "agent": {
        "name": "Clara",
        "language": "pt-BR",
        "persona_prompt": "Você é Clara: narra com calma, curiosidade e frases curtas.",
    },
}


async def run(url: str, output: Path, console: Console) -> dict[str, Any]:
    """Make the batch at the gateway `url`, put what it made into `output`, return the report."""
    began = time.monotonic()
    async with Client(url) as bolt:
        email, password = f"demo-{uuid4().hex[:12]}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        batch_id = (await bolt.create_batch(BATCH))["batch_id"]
        async with asyncio.timeout(SECONDS):
            await follow(bolt.watch(batch_id), console)
        seconds = time.monotonic() - began
        batch = await bolt.read_batch(batch_id)
        jobs = [job async for job in bolt.results(batch_id)]
        files = await _download(bolt, batch_id, output)
    report = {
        "batch_id": batch_id,
        "jobs": batch["counts"]["total"],
        "completed": batch["counts"]["completed"],
        "failed": batch["counts"]["failed"],
        "provider_calls": batch["provider_calls"],
        "seconds": round(seconds, 2),
        "results": [_result(job, files.get(job["job_id"], "")) for job in jobs],
    }
    (output / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return report


async def _download(bolt: Client, batch_id: str, output: Path) -> dict[str, str]:
    """Unpack the batch into `output`; return where the audio of each job is."""
    archive = await asyncio.to_thread(_empty, output)
    await bolt.download(batch_id, archive)
    return await asyncio.to_thread(_unpack, archive)


def _empty(output: Path) -> Path:
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    return output / "batch.zip"


def _unpack(archive: Path) -> dict[str, str]:
    with zipfile.ZipFile(archive) as contents:
        contents.extractall(archive.parent)
        manifest = contents.read("manifest.csv").decode("utf-8-sig")
    archive.unlink()
    return {row["job_id"]: row["file"] for row in csv.DictReader(io.StringIO(manifest))}


def _result(job: dict[str, Any], audio: str) -> dict[str, Any]:
    stem = audio.rpartition(".")[0]
    return {
        "title": job["title"],
        "language": job["language"],
        "voice": job["voice"],
        "state": job["state"],
        "audio": audio,
        "subtitles": f"{stem}.srt" if stem else "",
        "script": f"{stem}.txt" if stem else "",
        "audio_seconds": job["audio_seconds"],
    }


def _show(report: dict[str, Any], output: Path, console: Console) -> None:
    table = Table(title="Demo")
    for name in ("length", "language", "voice"):
        table.add_column(name, no_wrap=True)
    table.add_column(f"file in {output}/", no_wrap=True)
    for row in report["results"]:
        length = f"{row['audio_seconds']:.1f} s" if row["audio_seconds"] else row["state"]
        table.add_row(length, row["language"], row["voice"], row["audio"] or row["title"])
    console.print(table)
    console.print(
        f"{report['completed']} of {report['jobs']} jobs completed in {report['seconds']} s with "
        f"{report['provider_calls']} provider calls; everything is in {output}/"
    )


def main() -> int:
    """Start the stack, make the batch, show it, stop the stack."""
    # A pipe has no width of its own, and file names should stay whole.
    console = Console() if sys.stdout.isatty() else Console(width=120)
    stack = Stack(notice=notice)
    was_running = "gateway" in stack.pids()
    try:
        stack.start()
        with Supervision(stack, notice):
            report = asyncio.run(run(stack.service_url("gateway"), OUTPUT, console))
        _show(report, OUTPUT, console)
    except StartError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    finally:
        if not was_running:
            stack.stop()
    return 0 if report["completed"] == report["jobs"] else 1


if __name__ == "__main__":
    sys.exit(main())
