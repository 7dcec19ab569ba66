"""Each service, installed alone as its image installs it, starts and is ready."""

import asyncio
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.service import SERVICES
from deploy.local.service_environment import for_gateway
from deploy.local.stack import Stack
from tests.e2e.conftest import OFFLINE
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"
# What only one service needs, and no other may bring along.
OWN: dict[str, set[str]] = {
    "gateway": {"fastapi", "pwdlib"},
    "scripter": set(),
    "adapter": {"py3langid"},
    "narrator": {"av", "sentencex", "espeakng-loader"},
    "aggregator": {"typer"},
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("closures"), services=(), env=OFFLINE, forget=True) as it:
        it.prepare()
        yield it


def extras(service: str) -> str:
    """Return what the image of a service installs."""
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    found = re.search(rf"^FROM source AS source-{service}\nENV EXTRAS=(\S+)", dockerfile, re.M)
    assert found
    return found[1]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_alone_has_all_it_needs_and_starts(
    servers: Stack, service: str, tmp_path: Path
) -> None:
    python = install(service, tmp_path / "venv")
    packages = installed(python)
    env = servers.service_env()
    if service == "gateway":
        env |= for_gateway(servers.state, servers.environment)
    port = ports.find()
    process = start(python, service, port, env, tmp_path)
    try:

        async def ready() -> bool:
            assert process.poll() is None, (tmp_path / "log").read_text()
            return await asyncio.to_thread(answers, f"http://127.0.0.1:{port}/health/ready")

        await until(ready, seconds=90)
    finally:
        process.terminate()
        process.wait(60)

    assert packages >= OWN[service]
    assert not packages & set[str]().union(*(OWN[other] for other in SERVICES if other != service))


def start(
    python: Path, service: str, port: int, env: dict[str, str], folder: Path
) -> "subprocess.Popen[bytes]":
    application = f"services.{service}.app:build"
    with (folder / "log").open("w") as output:
        return subprocess.Popen(
            [str(python), "-m", "uvicorn", application, "--factory", "--port", str(port)],
            # Not the checkout: what is not installed must not be found.
            cwd=folder,
            env={"PATH": os.defpath, "HOME": str(folder), **env},
            stdout=output,
            stderr=output,
        )


def install(service: str, venv: Path) -> Path:
    run = [str(UV), "venv", "--quiet", "--python", sys.executable, str(venv)]
    subprocess.run(run, check=True)
    python = venv / "bin" / "python"
    wanted = [f"{ROOT}[{extras(service)}]", "--constraint", str(ROOT / "requirements.lock")]
    subprocess.run([str(UV), "pip", "install", "-q", "--python", str(python), *wanted], check=True)
    return python


def installed(python: Path) -> set[str]:
    listed = subprocess.run(
        [str(UV), "pip", "freeze", "--python", str(python)],
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.partition("==")[0].partition(" @ ")[0] for line in listed.stdout.splitlines()}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
