import httpx2
import pytest

from cli.client import Client
from cli.errors import ApiError

AWAY = httpx2.Response(503, json={"title": "away", "detail": "PostgreSQL does not answer"})
TOKENS = {"access_token": "t", "refresh_token": "r", "token_type": "bearer", "expires_in": 900}


def answering(client: Client, *answers: httpx2.Response) -> list[str]:
    left, asked = list(answers), []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return left.pop(0)

    transport = httpx2.MockTransport(answer)
    client._http = httpx2.AsyncClient(base_url=client.url, transport=transport)
    return asked


async def test_a_sign_in_while_something_is_away_is_tried_again() -> None:
    async with Client("http://bolt") as client:
        asked = answering(client, AWAY, httpx2.Response(200, json=TOKENS))

        await client.sign_in("a@example.com", "secret")

    assert client.token == "t"
    assert len(asked) == 2


async def test_what_might_be_done_twice_is_not_tried_again() -> None:
    async with Client("http://bolt") as client:
        asked = answering(client, AWAY)

        with pytest.raises(ApiError):
            await client.register("a@example.com", "secret")

    assert len(asked) == 1
