import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.local import demo
from deploy.local.stack import Stack
from tests.support.audio import last_cue_ends, loudness, samples

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


async def make(stack: Stack, output: Path) -> dict[str, Any]:
    console = Console(file=(output.parent / "console.txt").open("a"), force_terminal=False)
    with console.file:
        return await demo.run(stack.service_url("gateway"), output, console)


async def test_five_titles_in_four_languages_become_audio_and_a_second_run_buys_nothing(
    stack: Stack, tmp_path: Path
) -> None:
    output = tmp_path / "demo-output"

    first = await make(stack, output)

    assert first == json.loads((output / "report.json").read_text())
    assert (first["jobs"], first["completed"], first["failed"]) == (20, 20, 0)
    assert first["provider_calls"] > 0
    assert len(first["results"]) == 20
    for result in first["results"]:
        sound, rate = samples(output / result["audio"])
        script = (output / result["script"]).read_text()
        subtitles = (output / result["subtitles"]).read_text()
        assert len(sound) / rate == pytest.approx(result["audio_seconds"], abs=0.1)
        assert result["audio_seconds"] > 5
        assert loudness(sound) > 0.01
        assert len(script) > 200
        assert last_cue_ends(subtitles) == pytest.approx(result["audio_seconds"], abs=0.2)
        assert result["voice"].split(":")[1].startswith(result["language"][:2])

    second = await make(stack, output)

    assert (second["completed"], second["provider_calls"]) == (20, 0)
    lengths = [result["audio_seconds"] for result in second["results"]]
    assert lengths == [result["audio_seconds"] for result in first["results"]]
