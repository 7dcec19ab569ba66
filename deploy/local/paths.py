"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = Path(__file__).resolve().parent / "resources"

# Not in git. Downloads are shared by every state folder; only the state is per stack.
LOCAL = ROOT / ".local"
KAFKA_CACHE = LOCAL / "kafka"
SERVERS_VENV = LOCAL / "servers-venv"
SERVERS_PYTHON = SERVERS_VENV / "bin" / "python"


def server_package(name: str) -> Path:
    """Return the folder of a package in the servers' own environment.

    Raises:
        FileNotFoundError: It is not installed: `make setup` has not run.
    """
    found = sorted(SERVERS_VENV.glob(f"lib/python*/site-packages/{name}"))
    if not found:
        raise FileNotFoundError(f"{name} is not installed: run `make setup`")
    return found[-1]
