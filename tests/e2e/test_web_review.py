"""Texts that wait to be read, in a real browser."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import visit
from tests.support.making import LANGUAGES, MINUTE, fill_in, send
from tests.support.titles import new_title

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def refuse(page: Page, text: Locator, note: str = "") -> None:
    text.get_by_role("button", name="Refuse").click()
    page.get_by_label("What is wrong with it?").fill(note)
    page.get_by_label("Have it written again", exact=False).set_checked(bool(note))
    page.get_by_role("dialog").get_by_role("button", name="Refuse").click()
    expect(text).to_be_hidden()


def test_texts_are_approved_changed_written_again_and_refused(browser: Browser, url: str) -> None:
    visitor = visit(browser, url)
    page = visitor.page
    visitor.register()
    titles = [new_title() for _ in range(3)]
    fill_in(page, titles, LANGUAGES[:1])
    page.get_by_role("group", name="Read the text first").get_by_role("checkbox").check()
    send(page)

    queue = page.get_by_role("region", name="Waiting for your approval")
    waiting = {title: queue.get_by_role("listitem").filter(has_text=title) for title in titles}
    expect(queue.get_by_role("listitem")).to_have_count(3, timeout=MINUTE)
    wrong = visitor.wrong()
    waiting[titles[0]].get_by_role("button", name="Approve").click()
    expect(queue.get_by_role("listitem")).to_have_count(2)
    waiting[titles[1]].get_by_label("Text").fill("Bees dance. Nobody taught them.")
    waiting[titles[1]].get_by_role("button", name="Save and approve").click()
    expect(queue.get_by_role("listitem")).to_have_count(1)

    # Written again, and then not wanted at all.
    refuse(page, waiting[titles[2]], note="Say more about the queen.")
    expect(waiting[titles[2]]).to_be_visible(timeout=MINUTE)
    refuse(page, waiting[titles[2]])

    expect(page.get_by_text("2 of 3 audios done")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("You refused these texts.")).to_be_visible()
    page.get_by_role("link", name=titles[1]).click()
    expect(page.get_by_label("Subtitles")).to_contain_text("Nobody taught them")
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles
