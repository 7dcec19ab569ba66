import subprocess
import sys

ASK = """
import sys
import cli.main
print(sorted({"httpx2", "rich.console", "websockets", "pydantic"} & sys.modules.keys()))
"""


def test_help_waits_for_nothing_that_it_does_not_need() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
