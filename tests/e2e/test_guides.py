"""What docs/guides tells people to do, and examples/ do, works against the whole system."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.client import Client
from deploy.local.stack import Stack
from tests.support.audio import loudness, samples

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"


def snippets(guide: str, language: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", (GUIDES / guide).read_text("utf-8"), re.DOTALL)
    assert found
    return [str(each) for each in found]


def ran(command: list[str], folder: Path, stack: Stack, token: str | None) -> str:
    url = stack.service_url("gateway")
    env = dict(os.environ) | {  # noqa: TID251 - a child inherits it
        "URL": url,
        "BOLT_URL": url,
        "BOLT_TOKEN": token or "",
        "KAFKA_BOOTSTRAP_SERVERS": stack.endpoints.kafka,
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
    }
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def heard(file: Path) -> float:
    sound, rate = samples(file)
    assert loudness(sound) > 0.01
    return len(sound) / rate


def test_rest(stack: Stack, tmp_path: Path) -> None:
    script = "set -euo pipefail\n" + "\n".join(snippets("rest.md", "bash"))

    ran(["bash", "-c", script], tmp_path, stack, None)

    assert heard(tmp_path / "intro.mp3") > 0.5
    assert (tmp_path / "bees.zip").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("guide", ["websocket.md", "kafka.md", "openai.md", "python.md"])
async def test_python(guide: str, stack: Stack, bolt: Client, tmp_path: Path) -> None:
    for code in snippets(guide, "python"):
        assert ran([sys.executable, "-c", code], tmp_path, stack, bolt.token)

    made = {"openai.md": "hello.mp3", "python.md": "intro.mp3"}
    if name := made.get(guide):
        assert heard(tmp_path / name) > 0.5


async def test_examples(stack: Stack, bolt: Client, tmp_path: Path) -> None:
    def example(name: str, *arguments: str) -> str:
        path = str(ROOT / "examples" / f"{name}.py")
        return ran([sys.executable, path, *arguments], tmp_path, stack, bolt.token)

    first = example("narrate", "Isto ninguém ouviu antes.", "intro.flac")
    again = example("narrate", "Isto ninguém ouviu antes.", "again.flac")
    example("openai_speech", "Good morning to all of you!", "hello.mp3")
    example("batch", "batch.zip", "O segredo", "pt-BR", "en-US")

    assert "'cached': False" in first
    assert "'cached': True" in again
    assert heard(tmp_path / "intro.flac") > 0.5
    assert heard(tmp_path / "hello.mp3") > 0.5
    assert (tmp_path / "batch.zip").read_bytes().startswith(b"PK")


async def test_a_text_from_the_command_line(stack: Stack, bolt: Client, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("Este texto está num ficheiro.", encoding="utf-8")
    command = [sys.executable, "-m", "cli", "narrate", "text.txt", "-l", "pt-BR", "-o", "text.opus"]

    said = ran(command, tmp_path, stack, bolt.token)

    assert said.strip() == "text.opus"
    assert heard(tmp_path / "text.opus") > 0.5


async def test_a_text_in_another_language_is_not_spoken(stack: Stack, bolt: Client) -> None:
    english = "This text is plainly written in English, whatever somebody says about it."

    told = await bolt.narrate({"texts": [english, "Bom dia a todos."], "language": "pt-BR"})

    wrong, right = told["results"]
    assert (wrong["state"], right["state"]) == ("failed", "completed")
    assert wrong["error"]["code"] == "wrong_language"
    assert wrong["provider_calls"] == 0
