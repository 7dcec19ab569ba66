from pathlib import Path

import httpx2
import pytest

from cli.client import Client
from deploy.local.stack import Stack
from tests.support.audio import loudness, samples

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_a_voice_can_be_heard_before_it_is_chosen(
    stack: Stack, bolt: Client, tmp_path: Path
) -> None:
    headers = {"Authorization": f"Bearer {bolt.token}"}
    url = f"{stack.service_url('gateway')}/v1/voices/espeak:pt-BR/preview"
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        first = await http.get(url)
        again = await http.get(url)

    assert first.status_code == 200, first.text
    (tmp_path / "preview.mp3").write_bytes(first.content)
    sound, rate = samples(tmp_path / "preview.mp3")
    assert (first.status_code, first.headers["content-type"]) == (200, "audio/mpeg")
    assert 2 < len(sound) / rate < 12
    assert loudness(sound) > 0.01
    assert again.headers["etag"] == first.headers["etag"]
    assert again.elapsed < first.elapsed


async def test_what_a_batch_has_cost_is_told(stack: Stack, bolt: Client) -> None:
    accepted = await bolt.create_batch(
        {"mode": "expand_titles", "title": "A conta", "language": "pt-BR", "name": "bill"}
    )
    async for _ in bolt.watch(accepted["batch_id"]):
        pass

    headers = {"Authorization": f"Bearer {bolt.token}"}
    async with httpx2.AsyncClient(headers=headers) as http:
        url = f"{stack.service_url('gateway')}/v1/batches/{accepted['batch_id']}/usage"
        usage = (await http.get(url)).json()

    batch = await bolt.read_batch(accepted["batch_id"])
    assert usage["calls"] == batch["provider_calls"]
    assert {item["provider"] for item in usage["items"]} <= {"offline", "espeak"}
