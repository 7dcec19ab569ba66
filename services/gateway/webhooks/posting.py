"""One sending: signed, to the address that was checked, and only so much of the answer."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

import httpx2
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook as Signer

from services.gateway.store.deliveries import Due, Try
from services.gateway.webhooks.guard import Guard
from shared.errors import PipelineError

EXCERPT_BYTES = 1_000
USER_AGENT = "bolt-ia-webhooks/1"


@dataclass(slots=True)
class Post:
    """An async context: open while it is used.

    Attributes:
        seconds: How long one sending may take, from the name to the answer.
    """

    guard: Guard
    seconds: float
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _client: httpx2.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._client = httpx2.AsyncClient(
            verify=self.tls,
            follow_redirects=False,
            trust_env=False,
            timeout=self.seconds,
            # A connection belongs to an address, and not to the name it was made for.
            limits=httpx2.Limits(max_keepalive_connections=0),
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def send(self, due: Due, secrets: Sequence[SecretStr]) -> Try:
        """Send a message; what went wrong is part of what is returned."""
        began = time.perf_counter()
        status, error, excerpt = None, None, ""
        try:
            async with asyncio.timeout(self.seconds):
                status, excerpt = await self._send(due, secrets)
        except TimeoutError:
            error = f"no answer within {self.seconds:g} s"
        except (httpx2.HTTPError, httpx2.InvalidURL, PipelineError, OSError) as failure:
            error = f"{type(failure).__name__}: {failure}"[:500]
        if status is not None and not 200 <= status < 300:
            error = f"answered {status}"
        latency = round((time.perf_counter() - began) * 1_000)
        return Try(status=status, latency_ms=latency, error=error, excerpt=excerpt)

    async def _send(self, due: Due, secrets: Sequence[SecretStr]) -> tuple[int, str]:
        if self._client is None:
            raise RuntimeError("the client is not open: enter it first")
        parts, address = await self.guard.address(due.url)
        host = parts.hostname or ""
        request = self._client.build_request(
            "POST",
            httpx2.URL(due.url).copy_with(host=address),
            content=due.body.encode(),
            headers=signed(due, secrets) | {"Host": parts.netloc},
            extensions={"sni_hostname": host},
        )
        answer = await self._client.send(request, stream=True)
        try:
            return answer.status_code, await _beginning(answer)
        finally:
            await answer.aclose()


def signed(due: Due, secrets: Sequence[SecretStr]) -> dict[str, str]:
    """Return the headers of Standard Webhooks: one signature for each secret."""
    now = datetime.now(UTC)
    message_id = f"msg_{due.delivery_id.hex}"
    signatures = (
        Signer(secret.get_secret_value()).sign(message_id, now, due.body) for secret in secrets
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        # What is read is not unpacked first.
        "Accept-Encoding": "identity",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _beginning(answer: httpx2.Response) -> str:
    begun = b""
    async for chunk in answer.aiter_raw():
        begun += chunk
        if len(begun) >= EXCERPT_BYTES:
            break
    return begun[:EXCERPT_BYTES].decode("utf-8", "replace").replace("\x00", "")
