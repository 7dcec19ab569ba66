import json
import subprocess
import sys
import urllib.request


def test_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "bench.emulators", "--print-json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            urls = json.loads(process.stdout.readline())
            url = f"{urls['gemini']}/v1/models"
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own
                models = json.load(answer)["models"]
        finally:
            process.terminate()

    assert models
    assert process.wait(10) == 0
