"""A client of the public REST and WebSocket API.

async with Client("http://127.0.0.1:8000") as bolt:
    await bolt.sign_in("ana@example.com", "correct horse battery staple")
    batch = await bolt.create_batch({"mode": "matrix", "titles": [...], "languages": [...]})
    async for message in bolt.watch(batch["batch_id"]):
        ...
    await bolt.download(batch["batch_id"], Path("batch.zip"))
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from cli.client_accounts import AccountsClient
from cli.client_figures import FiguresClient
from cli.client_narrations import NarrationsClient
from cli.client_texts import TextsClient
from cli.connection import UNAUTHENTICATED, Json, problem_of
from cli.errors import ApiError

# The server closes with 1000 once the batch has ended; with any 4xxx for good.
ENDED = 1000
NOBODY = 4401
REFUSED = range(4400, 4500)
LONGEST_PAUSE = 10.0


class Client(AccountsClient, NarrationsClient, TextsClient, FiguresClient):
    """What one user may ask of the API. An async context."""

    async def create_batch(self, batch: Json, *, idempotency_key: str | None = None) -> Json:
        """Ask for a batch. Sending it again under the same key is the same batch."""
        key = idempotency_key or str(uuid4())
        return await self._json("POST", "/v1/batches", json=batch, headers={"Idempotency-Key": key})

    async def read_batch(self, batch_id: str) -> Json:
        """Return a batch as it stands."""
        return await self._json("GET", f"/v1/batches/{batch_id}")

    async def order(self, batch_id: str, action: str, *, budget_usd: float | None = None) -> Json:
        """Pause, resume (with a higher budget), cancel or retry-failed a batch."""
        body = None if budget_usd is None else {"budget_usd": budget_usd}
        return await self._json("POST", f"/v1/batches/{batch_id}/{action}", json=body)

    async def delete_batch(self, batch_id: str) -> None:
        """Forget a batch, its jobs and what only they made."""
        await self._json("DELETE", f"/v1/batches/{batch_id}")

    async def order_job(self, job_id: str, action: str) -> Json:
        """Pause, resume, cancel or retry one job."""
        return await self._json("POST", f"/v1/jobs/{job_id}/{action}")

    def batches(self, **filters: str) -> AsyncIterator[Json]:
        """Yield your batches, newest first."""
        return self._pages("/v1/batches", filters)

    def results(self, batch_id: str, **filters: str) -> AsyncIterator[Json]:
        """Yield the jobs of a batch, in its own order."""
        return self._pages(f"/v1/batches/{batch_id}/results", filters)

    def voices(self, **filters: str) -> AsyncIterator[Json]:
        """Yield voices; filter by language, provider, gender."""
        return self._pages("/v1/voices", filters)

    async def languages(self) -> list[Json]:
        """Return every language there is a voice for."""
        answer = await self._json("GET", "/v1/languages")
        return list(answer["items"])

    async def add_key(
        self, provider: str, key: str, *, project: str = "", for_everyone: bool = False
    ) -> Json:
        """Give a provider's key; return how it is called."""
        body = {"provider": provider, "key": key, "project": project, "for_everyone": for_everyone}
        return await self._json("POST", "/v1/me/keys", json=body)

    async def keys(self) -> list[Json]:
        """Return your keys by name."""
        answer = await self._json("GET", "/v1/me/keys")
        return list(answer["items"])

    async def switch_key(self, key_id: str, *, enabled: bool) -> Json:
        """Enable or disable a key."""
        return await self._json("PATCH", f"/v1/me/keys/{key_id}", json={"enabled": enabled})

    async def test_key(self, key_id: str) -> Json:
        """Return what its provider says to a key."""
        return await self._json("POST", f"/v1/me/keys/{key_id}/test")

    async def refresh_voices(self, provider: str) -> Json:
        """Have a provider asked for its voices. Admins only."""
        return await self._json("POST", "/v1/voices/refresh", json={"provider": provider})

    async def remove_key(self, key_id: str) -> None:
        """Forget a key."""
        await self._json("DELETE", f"/v1/me/keys/{key_id}")

    def agents(self, **filters: str) -> AsyncIterator[Json]:
        """Yield your agents, newest first; filter by search."""
        return self._pages("/v1/agents", filters)

    async def agent(self, agent_id: str) -> tuple[Json, str]:
        """Return an agent, and the ETag of what was read."""
        found = await self._json("GET", f"/v1/agents/{agent_id}")
        return found, f'"v{found["version"]}"'

    async def create_agent(self, agent: Json) -> Json:
        """Save an agent."""
        return await self._json("POST", "/v1/agents", json=agent)

    async def replace_agent(self, agent_id: str, agent: Json, *, etag: str) -> Json:
        """Write an agent anew, unless somebody else did since it was read."""
        headers = {"If-Match": etag}
        return await self._json("PUT", f"/v1/agents/{agent_id}", json=agent, headers=headers)

    async def delete_agent(self, agent_id: str) -> None:
        """Forget an agent."""
        await self._json("DELETE", f"/v1/agents/{agent_id}")

    def dead_letters(self, **filters: str) -> AsyncIterator[Json]:
        """Yield what no service could process, newest first. Admins only."""
        return self._pages("/v1/admin/dead-letters", filters)

    async def dead_letter(self, letter_id: str) -> Json:
        """Return a dead letter and its record. Admins only."""
        return await self._json("GET", f"/v1/admin/dead-letters/{letter_id}")

    async def redrive(self, order: Json) -> Json:
        """Send dead letters again; repeating it does nothing. Admins only."""
        return await self._json("POST", "/v1/admin/dead-letters/redrive", json=order)

    async def download(self, batch_id: str, file: Path) -> int:
        """Write the ZIP of a batch to `file`; return how many bytes it has."""
        return await self._save(f"/v1/batches/{batch_id}/download", file)

    async def _save(self, path: str, file: Path) -> int:
        size, used = 0, self.token
        part = file.with_name(f"{file.name}.part")
        request = self._http.stream("GET", path, headers=self._who())
        async with request as answer:
            if answer.is_error:
                await answer.aread()
                if answer.status_code == UNAUTHENTICATED and await self._renewed(used):
                    return await self._save(path, file)
                raise problem_of(answer)
            with part.open("wb") as out:
                async for chunk in answer.aiter_bytes():
                    size += await asyncio.to_thread(out.write, chunk)
        part.replace(file)
        return size

    async def watch(self, batch_id: str) -> AsyncIterator[Json]:
        """Yield a snapshot of a batch and then every change, until it has ended.

        A connection that breaks is made again, and goes on where it broke.
        """
        seq: int | None = None
        pause, reason = 0.2, None
        while True:
            used = self.token
            try:
                async with self._socket(batch_id, seq) as socket:
                    pause = 0.2
                    async for raw in socket:
                        message = json.loads(raw)
                        seq = message.get("seq", seq)
                        if message["type"] != "ping":
                            yield message
                code, reason = socket.close_code, socket.close_reason
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
                reason = closed.rcvd.reason if closed.rcvd else None
            except (OSError, InvalidHandshake, TimeoutError):
                code = None
            if code == ENDED:
                return
            renewed = code == NOBODY and await self._renewed(used)
            if code is not None and code in REFUSED and not renewed:
                why = reason or "the server refused to show it"
                raise ApiError(code - 4000, {"detail": f"{batch_id}: {why}"})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _socket(self, batch_id: str, seq: int | None) -> connect:
        url = self.url.replace("http", "ws", 1)
        resume = "" if seq is None else f"?after_seq={seq}"
        return connect(
            f"{url}/v1/batches/{batch_id}/events{resume}", additional_headers=self._who()
        )
