"""A service that is ready at once and tells what environment it found."""

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]


def build() -> Callable[..., Awaitable[None]]:
    if "FAIL" in os.environ:  # noqa: TID251 - what the test looks at
        raise RuntimeError("told to fail")
    return answer


async def answer(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    if scope["type"] != "http":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    found = json.dumps(dict(os.environ)).encode()  # noqa: TID251 - what the test looks at
    await send({"type": "http.response.body", "body": found})
