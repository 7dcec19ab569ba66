"""A provider is its file, its voices or its place in `auto`, and its test: three files."""

import ast
import json
from pathlib import Path
from types import ModuleType

import pytest

import services
import shared
from shared import catalogue, providers
from shared.providers import llm, tts
from shared.providers.llm import Prompt

SPEAKS = """
from shared.providers.tts.base import Capabilities, Speech

PREFERENCE = 999


class Acme:
    name = "acme"

    def capabilities(self, voice):
        return Capabilities(max_bytes=1_000)

    async def speak(self, text, *, voice, rate=1.0, pitch=0.0, style=""):
        return Speech(pcm=b"\\0\\1" * 24_000, sample_rate=24_000)

    async def aclose(self):
        pass


def configured():
    return True


def create():
    return Acme()
"""
WRITES = """
from shared.providers.llm.base import Completion


class Acme:
    name, model, setup = "acme", "acme-1", ""

    async def complete(self, prompt):
        return Completion(text=prompt.text.upper(), model="acme-1")

    async def aclose(self):
        pass


def configured():
    return True


def create():
    return Acme()
"""
# Estimates know that one vendor's quotas are per family of voices.
ABOUT_PROVIDERS = {"services/gateway/estimating/forecast.py"}
FOLDERS = [Path(str(module.__file__)).parent for module in (services, shared)]


def _adopt(kind: ModuleType, source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "acme.py").write_text(source)
    monkeypatch.setattr(kind, "__path__", [*kind.__path__, str(folder)])


async def test_a_file_makes_a_voice_that_is_listed_chosen_and_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _adopt(tts, SPEAKS, tmp_path, monkeypatch)

    speaker = tts.create("acme")
    speech = await speaker.speak("Olá.", voice=catalogue.voice("tone:pt-BR"))

    assert "acme" in providers.names(tts)
    assert tts.configured()[-1] == "acme"
    assert speech.seconds == 1.0


async def test_a_file_makes_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _adopt(llm, WRITES, tmp_path, monkeypatch)

    answer = await llm.create("acme").complete(Prompt(task="block", text="era uma vez"))

    assert answer.text == "ERA UMA VEZ"


def test_voices_of_a_provider_are_data() -> None:
    listed = Path(str(catalogue.__file__)).parent / "voices.json"

    speaking = {entry["provider"] for entry in json.loads(listed.read_text())}

    assert {"google", "gemini"} <= speaking


def test_no_code_beside_the_providers_decides_by_their_names() -> None:
    # The offline writer is no third party: nothing is kept or sent again for it.
    named = {*providers.names(tts), *providers.names(llm)} - {"offline"}
    found = {
        file.relative_to(folder.parent).as_posix()
        for folder in FOLDERS
        for file in folder.rglob("*.py")
        if "providers" not in file.relative_to(folder).parts[:1]
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Compare | ast.Match)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in named
    }

    assert sorted(found - ABOUT_PROVIDERS) == []
