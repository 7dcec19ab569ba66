"""Every screen of the web UI, one after the other: for what looks at all of them."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg
from playwright.sync_api import Page, expect

from tests.support.browser import Visitor

SCREENS = {
    "batches": "/",
    "agents": "/agents",
    "agent": "/agents/new",
    "voices": "/voices",
    "keys": "/keys",
    "analytics": "/analytics",
    "webhooks": "/webhooks",
    "settings": "/settings",
    "dead-letters": "/dead-letters",
}
DRAFT = "O segredo das abelhas\nA cidade que nunca dorme\nPor que o céu é escuro à noite?"


def tour(visitor: Visitor, batch: str) -> Iterator[str]:
    """Open every screen, and yield its name once it has settled."""
    for name, path in SCREENS.items():
        visitor.go(path)
        yield name
    yield from _making(visitor)
    yield from _batch(visitor, batch)
    yield from _keys(visitor)


def _making(visitor: Visitor) -> Iterator[str]:
    page = visitor.page
    visitor.go("/new")
    page.locator("textarea").first.fill(DRAFT)
    for code in ("Brasil|Brazil", "Jap"):
        page.get_by_role("checkbox", name=re.compile(code)).first.check()
    expect(page.locator("section dl dd").first).to_have_text(re.compile(r"\d"))
    yield "new-batch"
    page.get_by_role("button", name=re.compile("Choose a voice|Escolher uma voz")).first.click()
    visitor.settled()
    yield "voice-choice"
    page.keyboard.press("Escape")


def _batch(visitor: Visitor, batch: str) -> Iterator[str]:
    page = visitor.page
    visitor.go(f"/batches/{batch}")
    expect(page.locator("tbody tr").first).to_be_visible()
    yield "batch"
    page.locator("tbody tr a").first.click()
    expect(page.locator("dialog [data-drawn]")).to_be_visible()
    yield "job-listen"
    for name, words in (("job-text", "Text|Texto"), ("job-log", "Log|Registro")):
        page.get_by_role("radio", name=re.compile(f"^({words})$")).check()
        visitor.settled()
        yield name
    page.keyboard.press("Escape")


def _keys(visitor: Visitor) -> Iterator[str]:
    page = visitor.page
    for name, words in (
        ("key-add", "Add a key|Adicionar chave"),
        ("api-key-make", "New API key|Nova chave"),
    ):
        visitor.go("/keys")
        page.get_by_role("button", name=re.compile(words)).click()
        yield name


def made(page: Page) -> str:
    """Return the id of the batch that is shown."""
    return page.url.split("/batches/")[1].split("?")[0]


def promote(database_url: str, email: str) -> None:
    """Make somebody an admin."""
    # In a thread of its own: the browser's loop runs in this one.
    with ThreadPoolExecutor() as elsewhere:
        elsewhere.submit(asyncio.run, _promote(database_url, email)).result()


async def _promote(database_url: str, email: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE users SET role = 'admin' WHERE email = $1", email)
    await connection.close()


ADMIN = """
async () => {
  const { text } = JSON.parse(sessionStorage.getItem('bolt.token'));
  const me = await fetch('/v1/me', { headers: { Authorization: `Bearer ${text}` } });
  return (await me.json()).role === 'admin';
}
"""


def acting_as_admin(page: Page) -> None:
    """Wait until the gateway knows of a promotion: for some seconds it trusts what it read."""
    page.wait_for_function(ADMIN, polling=200)
