"""What is not always to be seen of the web UI: for what looks at all of it."""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.support.browser import Visitor
from tests.support.making import MINUTE
from tests.support.tour import made

TITLES = "O mapa do tesouro\nA ponte que canta\nQuem inventou o relógio?"


def states(visitor: Visitor, held: str, stopped: str) -> Iterator[str]:
    """Show each of them, and yield its name once it has settled.

    Args:
        visitor: Who looks.
        held: A batch with texts that wait, and one that was refused.
        stopped: A batch whose budget is used up.
    """
    page = visitor.page
    visitor.go(f"/batches/{held}")
    page.get_by_role("region", name=re.compile("What went wrong|O que deu errado")).wait_for()
    yield "review"
    page.get_by_role("region", name=re.compile("What went wrong|O que deu")).evaluate(
        "(card) => card.scrollIntoView({ block: 'center' })"
    )
    yield "failures"
    page.get_by_role("button", name=re.compile("^(Refuse|Recusar)$")).first.click()
    yield "review-refuse"
    page.keyboard.press("Escape")
    visitor.go(f"/batches/{stopped}")
    yield "budget"
    page.get_by_role("button", name=re.compile("^(Resume|Retomar|Continuar)$")).click()
    yield "budget-raise"
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    yield "offline"
    page.context.set_offline(False)
    page.goto(visitor.url + "/no/such/screen")
    page.wait_for_selector("h1")
    yield "not-found"


def a_held_batch(visitor: Visitor) -> str:
    """Make a batch whose texts wait; refuse one of them; return its id. In Portuguese."""
    page = visitor.page
    visitor.go("/new")
    page.locator("textarea").first.fill(TITLES)
    page.get_by_role("group", name="Ler o texto primeiro").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Gerar os áudios").click()
    page.wait_for_url("**/batches/**")
    refuse = page.get_by_role("button", name="Recusar", exact=True)
    expect(refuse).to_have_count(3, timeout=2 * MINUTE)
    refuse.first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Recusar", exact=True).click()
    expect(page.get_by_role("region", name="O que deu errado")).to_be_visible(timeout=MINUTE)
    return made(page)
