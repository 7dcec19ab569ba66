"""The environment of the peers, apart from the product's own."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(".local/peers-venv")
LOCK = Path(__file__).with_name("requirements.lock")


def python() -> Path:
    """Return the peers' Python, with what they need; made where it is not there.

    Raises:
        subprocess.CalledProcessError: It could not be made.
    """
    program, stamp = FOLDER / "bin/python", FOLDER / "made-from"
    wanted = LOCK.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        uv = Path(sys.executable).with_name("uv")
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, FOLDER)
        _run(uv, "pip", "install", "--quiet", "--python", program, "--require-hashes", "-r", LOCK)
        stamp.write_text(wanted)
    return program.absolute()


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - programs of this checkout
