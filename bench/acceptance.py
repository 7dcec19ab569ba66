"""How soon a batch of 10,000 jobs is accepted, and page 400 of it is listed."""

import argparse
import asyncio
import statistics
from typing import Any

import httpx2
from rich.console import Console

from bench.batches import matrix, somebody
from bench.sampling import now
from bench.stacks import quiet_stack

PER_PAGE, PAGE = 25, 400
TIMES = 20
POLLS, POLL_SECONDS = 1_200, 0.05
# What follows the gateway and the aggregator would only take the processor from them.
SERVICES = ("gateway", "aggregator")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=10_000, help="how many (default 10000)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Ask for one large batch and page through it."""
    with quiet_stack(SERVICES, LLM="offline") as stack:
        return asyncio.run(_measure(stack.service_url("gateway"), asked.jobs))


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    Console().print(
        f"{result['jobs']} jobs accepted in {result['accepted_in']:.2f} s; all listed after "
        f"{result['listed_after']:.1f} s; page {PAGE} of {PER_PAGE}: median "
        f"{result['page_ms']:.1f} ms, most {result['page_most_ms']:.1f} ms"
    )


async def _measure(url: str, jobs: int) -> dict[str, Any]:
    async with somebody(url) as bolt:
        began = now()
        accepted = await bolt.create_batch(matrix("Título", jobs // 10))
        accepted_in = now() - began
        batch_id = accepted["batch_id"]
        headers = {"Authorization": f"Bearer {bolt.token}"}
    path = f"/v1/batches/{batch_id}/results"
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=30) as http:
        await _listed(http, path)
        listed_after = now() - began
        took = await _page(http, path)
    return {
        "jobs": jobs,
        "accepted_in": accepted_in,
        "listed_after": listed_after,
        "page_ms": 1_000 * statistics.median(took),
        "page_most_ms": 1_000 * max(took),
    }


async def _listed(http: Any, path: str) -> None:
    # Its jobs are inserted together: where one is listed, all are.
    for _ in range(POLLS):
        if (await http.get(path, params={"limit": 1})).raise_for_status().json()["items"]:
            return
        await asyncio.sleep(POLL_SECONDS)
    raise TimeoutError("the jobs of the batch are not listed")


async def _page(http: Any, path: str) -> list[float]:
    """Return how long the page takes, each time; the pages before it lead there."""
    query: dict[str, Any] = {"limit": PER_PAGE}
    for _ in range(PAGE - 1):
        page = (await http.get(path, params=query)).raise_for_status().json()
        query["cursor"] = page["next_cursor"]
    took = []
    for _ in range(TIMES):
        began = now()
        (await http.get(path, params=query)).raise_for_status().json()
        took.append(now() - began)
    return took
