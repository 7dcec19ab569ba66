import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from cli.client import Client
from cli.errors import ApiError, UnreachableError

Script = list[tuple[list[dict[str, Any]], int]]


@asynccontextmanager
async def server(script: Script, asked: list[str]) -> AsyncIterator[str]:
    left = list(script)

    async def talk(socket: ServerConnection) -> None:
        assert socket.request is not None
        asked.append(socket.request.path)
        messages, code = left.pop(0)
        for message in messages:
            await socket.send(json.dumps(message))
        await socket.close(code)

    async with serve(talk, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


async def watched(script: Script, asked: list[str]) -> list[int]:
    async with server(script, asked) as url, Client(url, token="t") as client:
        return [message["seq"] async for message in client.watch("b1")]


async def test_a_watch_ends_when_the_server_says_that_the_batch_has() -> None:
    asked: list[str] = []

    seqs = await watched(
        [([{"type": "snapshot", "seq": 1}, {"type": "progress", "seq": 2}], 1000)], asked
    )

    assert seqs == [1, 2]
    assert asked == ["/v1/batches/b1/events"]


async def test_a_broken_watch_goes_on_where_it_broke() -> None:
    asked: list[str] = []
    script: Script = [
        ([{"type": "snapshot", "seq": 1}, {"type": "progress", "seq": 2}, {"type": "ping"}], 1012),
        ([{"type": "progress", "seq": 3}], 1000),
    ]

    seqs = await watched(script, asked)

    assert seqs == [1, 2, 3]
    assert asked[1] == "/v1/batches/b1/events?after_seq=2"


async def test_a_refused_watch_is_not_tried_again() -> None:
    asked: list[str] = []

    with pytest.raises(ApiError, match="refused"):
        await watched([([], 4404)], asked)

    assert len(asked) == 1


async def test_an_api_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.connection.TRIES", 2)
    async with Client("http://127.0.0.1:9") as client:
        with pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9"):
            await client.languages()


def test_a_problem_names_every_field() -> None:
    error = ApiError(
        422,
        {
            "code": "invalid_fields",
            "detail": "the request has 1 problem",
            "errors": [{"pointer": "/languages/0", "detail": "no language 'xx'"}],
        },
    )

    assert str(error) == "the request has 1 problem\n  /languages/0: no language 'xx'"
    assert error.status == 422
