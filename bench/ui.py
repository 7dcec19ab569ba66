"""How soon the web UI answers while ten thousand jobs run: a real browser, real rows."""

import argparse
import asyncio
import os
import shutil
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from bench.full_batch import CODES, STATES, alone, fill
from bench.stacks import quiet_stack
from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState, JobState

NAMES = ("chromium", "chromium-browser", "google-chrome")
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody
# From the input until what it asked for has been painted; and how long the main thread was busy.
WATCH = """
window.slow = []; window.echoes = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.slow.push(each.duration);
}).observe({ type: 'longtask' });
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.echoes.push(each.duration);
}).observe({ type: 'event', durationThreshold: 16 });
for (const kind of ['pointerdown', 'keydown', 'input', 'change']) {
  addEventListener(kind, (event) => { window.began = event.timeStamp; }, true);
}
const painted = () => requestAnimationFrame(() => setTimeout(() => {
  window.took = performance.now() - window.began;
}));
new MutationObserver(() => {
  if (!window.until?.()) return;
  window.until = null;
  painted();
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
ROWS = "document.querySelector('tbody')?.innerText"
ROWS_CHANGE = f"() => {{ const before = {ROWS}; return () => {ROWS} !== before; }}"
JOB_OPENS = "() => () => Boolean(document.querySelector('dialog fieldset'))"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=10_000, help="in the batch (10000)")
    parser.add_argument("--times", type=int, default=10, help="each interaction (10)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Filter, sort, page, search and open, each many times, while progress streams."""
    with quiet_stack(("gateway",)) as stack, _page() as page:
        email = _register(page, stack.service_url("gateway"))
        batch_id = alone(fill(stack.endpoints.database_url, email, asked.jobs))
        page.goto(f"{stack.service_url('gateway')}/batches/{batch_id}")
        page.wait_for_selector("tbody tr")
        with _progress(stack.endpoints.kafka, batch_id, asked.jobs):
            page.wait_for_timeout(3_000)
            page.evaluate("() => { window.slow = []; window.echoes = []; }")
            took = _interact(page, asked.times)
            slow: list[float] = page.evaluate("() => window.slow")
            echoes: list[float] = page.evaluate("() => window.echoes")
            rows = page.locator("tbody tr").count()
    return {
        "jobs": asked.jobs,
        "load": os.getloadavg()[0],
        "milliseconds": took,
        "longest_echo": max(echoes, default=0.0),
        "long_tasks": len(slow),
        "longest_task": max(slow, default=0.0),
        "rows": rows,
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    table = Table("interaction", "median ms", "worst ms")
    for name, took in result["milliseconds"].items():
        table.add_row(name, f"{statistics.median(took):.0f}", f"{max(took):.0f}")
    console = Console()
    console.print(table)
    console.print(
        f"{result['jobs']} jobs, {result['rows']} rows in the page; an input is answered by a "
        f"paint within {result['longest_echo']:.0f} ms; {result['long_tasks']} tasks of the main "
        f"thread over 50 ms, the longest {result['longest_task']:.0f} ms; "
        f"load average {result['load']:.1f}"
    )


@contextmanager
def _page() -> Iterator[Page]:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
        context.add_init_script(WATCH)
        yield context.new_page()
        browser.close()


def _register(page: Page, url: str) -> str:
    email = f"bench-{uuid4().hex}@example.com"
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name="I am new here").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    page.get_by_role("heading", name="Batches").wait_for()
    return email


def _interact(page: Page, times: int) -> dict[str, list[float]]:
    state = page.get_by_label("State", exact=True)
    search = page.get_by_label("Search titles")
    by_length = page.get_by_role("columnheader", name="Length").get_by_role("button")
    following = page.get_by_role("button", name="Next", exact=True)
    found: dict[str, list[float]] = {}

    def timed(name: str, until: str, act: Callable[[], object]) -> None:
        page.evaluate(f"() => {{ window.took = null; window.until = ({until})(); }}")
        act()
        page.wait_for_function("() => window.took !== null")
        found.setdefault(name, []).append(page.evaluate("() => window.took"))

    for _ in range(times):
        timed("next page", ROWS_CHANGE, following.click)
    for at in range(times):
        timed("filter", ROWS_CHANGE, partial(state.select_option, STATES[at % 3]))
    timed("filter", ROWS_CHANGE, lambda: state.select_option(""))
    for _ in range(times):
        timed("sort", ROWS_CHANGE, by_length.click)
    for _ in range(times):
        timed("open a job", JOB_OPENS, page.locator("tbody tr a").first.click)
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
    for at in range(times):
        # The server is asked once the hand has rested for a quarter of a second.
        timed("search", ROWS_CHANGE, partial(search.fill, f"number {101 + at}"))
    return found


@contextmanager
def _progress(kafka: str, batch_id: UUID, jobs: int) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_announce(kafka, batch_id, jobs, over)))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


async def _announce(kafka: str, batch_id: UUID, jobs: int, over: threading.Event) -> None:
    user_id = uuid4()
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        seq = 0
        while not over.is_set():
            seq += 1
            counts = BatchCounts(total=jobs, completed=seq, narrating=10, queued=jobs - seq - 10)
            event = BatchesProgress(
                batch_id=batch_id,
                user_id=user_id,
                seq=seq,
                state=BatchState.RUNNING,
                counts=counts,
                by_language={code: {JobState.COMPLETED: seq} for code in CODES},
            )
            await producer.send_and_wait(
                event.topic.name, event.model_dump_json().encode(), key=event.key
            )
            await asyncio.sleep(1)
