"""A batch that is made from files, with mistakes, and without a mouse: in a real browser."""

import base64
import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import Visitor, visit
from tests.support.keyboard import Keyboard
from tests.support.making import finished

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DROP = """
(area, [name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type }));
  for (const kind of ['dragover', 'drop']) {
    area.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
  }
}
"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, url: str) -> Visitor:
    visitor = visit(browser, url)
    visitor.register()
    return visitor


def titles(page: Page) -> Locator:
    return page.get_by_label("One title a line", exact=False)


def drop(page: Page, name: str, content: bytes, kind: str) -> None:
    titles(page).evaluate(DROP, [name, kind, base64.b64encode(content).decode()])


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_what_is_wrong_with_titles_is_told_by_line(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/new")
    drop(page, "titles.csv", b'title\nBees\n"Ants, and why"\nBees\n', "text/csv")
    expect(titles(page)).to_have_value("Bees\nAnts, and why\nBees")
    page.get_by_role("checkbox", name="English (United States)").first.check()
    expect(page.get_by_text("Line 3 repeats line 1")).to_be_visible()
    expect(page.get_by_role("button", name="Make the audios")).to_be_disabled()

    page.get_by_role("button", name="Line 3 repeats line 1").click()
    assert page.evaluate("() => getSelection().toString()") == "Bees"
    page.get_by_role("button", name="Remove repetitions").click()
    titles(page).press("End")
    titles(page).press_sequentially("\n")
    page.keyboard.insert_text("x" * 1_001)
    expect(page.get_by_text("Line 3 has 1,001 characters; at most 1,000")).to_be_visible()
    wrong = visitor.wrong()
    titles(page).fill("Bees\nAnts, and why")

    expect(page.get_by_role("button", name="Make the audios")).to_be_enabled()
    expect(page.get_by_text("2 audios", exact=True)).to_be_visible()
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles


def test_a_workbook_becomes_a_batch_once_its_mistakes_are_put_right(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/new")
    heading = ["title", "language"]
    drop(page, "stories.xlsx", workbook([heading, ["Bees", "en-US"], ["Ants", "xx-XX"]]), XLSX)
    dialog = page.get_by_role("dialog")
    visitor.offline = True
    dialog.get_by_role("button", name="Make the audios").click()
    expect(dialog.get_by_role("row").filter(has_text="xx-XX")).to_contain_text("3")
    visitor.offline = False
    wrong = visitor.wrong()
    page.keyboard.press("Escape")

    drop(page, "stories.xlsx", workbook([heading, ["Bees", "en-US"], ["Ants", "pt-BR"]]), XLSX)
    dialog.get_by_role("button", name="Make the audios").click()
    page.wait_for_url("**/batches/**")

    finished(page, 2)
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles


def test_a_batch_is_made_without_a_mouse(visitor: Visitor) -> None:
    page = visitor.page
    page.emulate_media(reduced_motion="reduce")
    visitor.go("/")
    keys = Keyboard(page)

    keys.to("link", "Skip to the content")
    page.keyboard.press("Enter")
    keys.to("link", "New batch")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="New batch").wait_for()
    visitor.settled()
    keys.to("textbox", "One title a line")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Bees")
    keys.to("textbox", "Search: Portuguese")
    page.keyboard.type("Portuguese (Brazil)")
    keys.to("checkbox", "Portuguese (Brazil)")
    if not keys.checked():
        page.keyboard.press("Space")
    keys.to("button", "Choose a voice")
    page.keyboard.press("Enter")
    keys.stays_within("dialog")
    page.keyboard.press("Escape")
    assert keys.at("button", "Choose a voice")
    keys.to("button", "Make the audios")
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/**")

    assert not keys.unseen, keys.unseen
    assert page.evaluate(MOVING) == []
    assert not visitor.troubles, visitor.troubles


# What moves for longer than anybody can see, although nothing should.
MOVING = """
() => document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().duration > 1)
  .map((each) => String(each.animationName ?? each.transitionProperty))
"""
