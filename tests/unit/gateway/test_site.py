import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from services.gateway import site

WEB = Path(site.__file__).parent / "web"


async def fallback(_: Request) -> Response:
    return PlainTextResponse("plain")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Bolt IA</title>")
    (tmp_path / "theme.js").write_text("1")
    (tmp_path / "assets" / "index-1a.js").write_text("let bees")
    (tmp_path / "assets" / "index-1a.js.gz").write_bytes(b"packed")
    (tmp_path / "secret.txt").write_text("made-from")
    return tmp_path


def client(built: Path) -> TestClient:
    return TestClient(Starlette(routes=site.routes(fallback, built)))


def test_without_a_build_there_is_the_plain_page(tmp_path: Path) -> None:
    assert client(tmp_path).get("/").text == "plain"


@pytest.mark.parametrize("path", ["/", "/new", "/batches/5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"])
def test_every_screen_is_the_same_document_which_is_asked_for_anew(built: Path, path: str) -> None:
    response = client(built).get(path)

    assert "Bolt IA" in response.text
    assert response.headers["cache-control"] == "no-cache"
    policy = response.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_assets_are_kept_for_ever_and_sent_as_small_as_the_client_takes_them(built: Path) -> None:
    packed = client(built).get(
        "/assets/index-1a.js.gz".removesuffix(".gz"), headers={"accept-encoding": "identity"}
    )

    assert packed.text == "let bees"
    assert "immutable" in packed.headers["cache-control"]
    with client(built).stream("GET", "/assets/index-1a.js") as response:
        assert response.headers["content-encoding"] == "gzip"
        assert b"".join(response.iter_raw()) == b"packed"


@pytest.mark.parametrize("path", ["/secret.txt", "/assets/..%2Fsecret.txt", "/assets/none.js"])
def test_nothing_else_of_the_folder_is_served(built: Path, path: str) -> None:
    assert client(built).get(path).status_code == 404


def asked(path: str, accept: str) -> Request:
    headers = [(b"accept", accept.encode())]
    return Request({"type": "http", "method": "GET", "path": path, "headers": headers})


@pytest.mark.parametrize(
    ("path", "accept", "shown"),
    [
        ("/no/such", "text/html,*/*", True),
        ("/no/such", "*/*", False),
        ("/v1/no", "text/html", False),
        ("/assets/no.js", "text/html", False),
    ],
)
def test_whoever_looks_for_what_is_not_there_is_shown_the_way_back(
    built: Path, path: str, accept: str, *, shown: bool
) -> None:
    response = site.missing(asked(path, accept), built)

    assert (response is not None) == shown
    assert response is None or response.status_code == 404


def test_the_screens_are_those_of_the_script() -> None:
    source = (WEB / "src" / "app" / "routes.tsx").read_text()
    paths = set(re.findall(r'path: "(/[^"]+)"', source))

    served = {
        re.sub(r"{(\w+)(?::uuid)?}", lambda found: _parameter(found[1]), each)
        for each in site.SCREENS
    }
    assert served == paths


def _parameter(name: str) -> str:
    first, *rest = name.split("_")
    return "$" + first + "".join(part.capitalize() for part in rest)
