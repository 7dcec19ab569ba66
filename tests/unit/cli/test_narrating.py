import asyncio
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bolt_ia import generate_narration, generate_narration_sync
from cli import config
from cli.client import Client
from cli.errors import UnreachableError
from cli.main import app

FIELDS = {"success", "audio_path", "duration", "cached", "error"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def narrate(_: Client, narration: dict[str, Any]) -> dict[str, Any]:
        found.append(narration)
        if narration["text"] == "away":
            raise UnreachableError("nobody answers")
        failed = {"message": "the voice refused"} if narration["text"] == "no" else None
        result = {
            "job_id": "j",
            "state": "failed" if failed else "completed",
            "error": failed,
            "audio_seconds": 2.5,
            "voice": "v",
            "cached": len(found) > 1,
        }
        return {"results": [result]}

    async def save_audio(_: Client, job_id: str, file: Path) -> int:
        return await asyncio.to_thread(file.write_bytes, job_id.encode())

    monkeypatch.setattr(Client, "narrate", narrate)
    monkeypatch.setattr(Client, "save_audio", save_audio)
    monkeypatch.setattr(config, "FILE", tmp_path / "config.json")
    monkeypatch.setenv("BOLT_TOKEN", "t")
    return found


async def test_a_text_becomes_a_file(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "narracao.opus"

    result = await generate_narration(
        text="Olá!", output_path=str(file), voice="v2/pt_speaker_2", provider="bark"
    )

    assert result == {
        "success": True,
        "audio_path": str(file),
        "duration": 2.5,
        "cached": False,
        "error": None,
    }
    assert file.read_bytes() == b"j"
    assert asked[0]["options"]["format"] == "opus"
    assert (asked[0]["voice"], asked[0]["provider"]) == ("v2/pt_speaker_2", "bark")


@pytest.mark.parametrize(("text", "why"), [("no", "the voice refused"), ("away", "nobody answers")])
def test_what_goes_wrong_is_told(asked: list[dict[str, Any]], text: str, why: str) -> None:
    result = generate_narration_sync(text)

    assert result.keys() == FIELDS
    assert (result["success"], result["audio_path"], result["error"]) == (False, None, why)


async def test_it_can_be_waited_for_where_a_loop_runs(asked: list[dict[str, Any]]) -> None:
    result = generate_narration_sync("Olá!")

    assert result["audio_path"]
    await asyncio.to_thread(Path(result["audio_path"]).unlink)


def test_the_command_takes_a_text_or_a_file(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    source, out = tmp_path / "text.txt", tmp_path / "out.flac"
    source.write_text("From a file.", encoding="utf-8")

    first = CliRunner().invoke(app, ["narrate", "As it stands.", "-o", str(out)])
    second = CliRunner().invoke(app, ["narrate", str(source), "-o", str(out), "-l", "en-US"])

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert [each["text"] for each in asked] == ["As it stands.", "From a file."]
    assert asked[1]["language"] == "en-US"
    assert out.read_bytes() == b"j"


def test_the_command_says_why_nobody_spoke(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["narrate", "no", "-o", str(tmp_path / "out.mp3")])

    assert done.exit_code == 3
    assert not (tmp_path / "out.mp3").exists()
