import asyncio
import stat
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli import config
from cli.client import Client
from cli.errors import BoltError
from cli.main import app
from cli.tokens import Tokens

URL = "http://127.0.0.1:8000"


class Api:
    """Refresh tokens that are good once; access tokens of which only the newest is."""

    def __init__(self) -> None:
        self.pairs = 1
        self.expired = False
        self.refreshed: list[str] = []
        self.asked: list[str] = []

    def pair(self) -> dict[str, Any]:
        return {"access_token": f"a{self.pairs}", "refresh_token": f"r{self.pairs}"}

    async def answer(
        self, _: Client, method: str, path: str, *, headers: dict[str, str], **request: Any
    ) -> httpx2.Response:
        await asyncio.sleep(0)
        self.asked.append(f"{method} {path}")
        if path == "/v1/auth/token":
            good = request["data"]["password"] == "correct horse"
            return httpx2.Response(200, json=self.pair()) if good else httpx2.Response(401)
        if path == "/v1/auth/refresh":
            token = request["json"]["refresh_token"]
            self.refreshed.append(token)
            if token != f"r{self.pairs}":
                return httpx2.Response(401)
            self.pairs += 1
            self.expired = False
            return httpx2.Response(200, json=self.pair())
        good = headers.get("Authorization") == f"Bearer a{self.pairs}" and not self.expired
        return httpx2.Response(200 if good else 401, json={"items": []})


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Api:
    made = Api()

    async def answer(*words: Any, **request: Any) -> httpx2.Response:
        return await made.answer(*words, **request)

    monkeypatch.setattr(Client, "_answer", answer)
    monkeypatch.setattr(config, "FILE", tmp_path / "bolt" / "config.json")
    monkeypatch.delenv("BOLT_TOKEN", raising=False)
    monkeypatch.setenv("BOLT_URL", URL)
    return made


async def kept(*, access: str, refresh: str) -> None:
    async with config.InFile(URL).turn() as file:
        file.write(Tokens(access, refresh))


def bolt(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_a_login_is_kept_where_only_its_owner_reads_it(api: Api) -> None:
    done = bolt("login", "ana@example.com", "--password", "correct horse")

    assert done.exit_code == 0
    assert stat.S_IMODE(config.FILE.stat().st_mode) == 0o600
    assert config.InFile(URL).read() == Tokens("a1", "r1")
    assert [file.name for file in config.FILE.parent.iterdir() if file.name != "config.json"] == [
        "config.lock"
    ]
    assert bolt("keys", "list").exit_code == 0


async def test_an_expired_token_is_renewed_and_the_next_one_kept(api: Api) -> None:
    await kept(access="old", refresh="r1")

    done = await asyncio.to_thread(bolt, "keys", "list")

    assert done.exit_code == 0
    assert api.refreshed == ["r1"]
    assert config.InFile(URL).read() == Tokens("a2", "r2")


async def test_of_many_commands_at_once_one_takes_the_refresh_token(api: Api) -> None:
    await kept(access="old", refresh="r1")

    async def command() -> None:
        async with Client(URL, token="old", keeper=config.InFile(URL)) as client:
            await asyncio.gather(client.keys(), client.keys())

    await asyncio.gather(*(command() for _ in range(5)))

    assert api.refreshed == ["r1"]
    assert config.InFile(URL).read() == Tokens("a2", "r2")


async def test_a_session_that_has_ended_is_forgotten(api: Api) -> None:
    await kept(access="old", refresh="stolen and used")

    done = await asyncio.to_thread(bolt, "keys", "list")

    assert done.exit_code == 1
    assert config.InFile(URL).read() == Tokens()


async def test_a_wrong_password_renews_nothing_and_ends_nothing(api: Api) -> None:
    await kept(access="a1", refresh="r1")

    done = await asyncio.to_thread(bolt, "login", "ana@example.com", "--password", "wrong")

    assert done.exit_code == 1
    assert api.asked == ["POST /v1/auth/token"]
    assert config.InFile(URL).read() == Tokens("a1", "r1")


async def test_logging_out_ends_the_session_and_leaves_nothing(api: Api) -> None:
    await kept(access="old", refresh="r1")

    done = await asyncio.to_thread(bolt, "logout")

    assert done.exit_code == 0
    assert api.asked[-1] == "POST /v1/auth/logout"
    assert config.InFile(URL).read() == Tokens()


async def test_a_token_of_the_environment_is_neither_renewed_nor_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(access="a1", refresh="r1")
    monkeypatch.setenv("BOLT_TOKEN", "a key")

    done = await asyncio.to_thread(bolt, "keys", "list")

    assert done.exit_code == 1
    assert api.refreshed == []
    assert config.InFile(URL).read() == Tokens("a1", "r1")


async def test_what_one_api_gave_is_shown_to_no_other(api: Api) -> None:
    await kept(access="a1", refresh="r1")

    assert config.InFile("http://elsewhere.example").read() == Tokens()


def test_a_file_that_is_none_is_named(api: Api) -> None:
    config.FILE.parent.mkdir()
    config.FILE.write_text("{")

    with pytest.raises(BoltError, match=r"config\.json cannot be read"):
        config.read()


async def test_a_client_of_a_program_renews_its_session_too(api: Api) -> None:
    async with Client(URL) as client:
        await client.sign_in("ana@example.com", "correct horse")
        api.expired = True

        await client.keys()

    assert api.refreshed == ["r1"]
