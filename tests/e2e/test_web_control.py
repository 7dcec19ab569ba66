"""A batch that needs its owner, in a real browser: stopped, failing, too dear."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deploy.local.stack import Stack
from tests.support.browser import Visitor, visit
from tests.support.making import LANGUAGES, MINUTE, fill_in, finished, send
from tests.support.third_parties import Providers
from tests.support.titles import new_title

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def visitor(browser: Browser, slow: Stack) -> Visitor:
    visitor = visit(browser, slow.service_url("gateway"))
    visitor.register()
    return visitor


def state(page: Page, name: str) -> Locator:
    return page.locator("h1 + div").get_by_text(name, exact=True)


def test_a_batch_is_paused_goes_on_and_is_cancelled(visitor: Visitor, providers: Providers) -> None:
    providers.behave(latency=[{"median": 3.0}], faults=[])
    page = visitor.page
    fill_in(page, [new_title() for _ in range(3)], LANGUAGES[:2])
    send(page)

    page.get_by_role("button", name="Pause").click()
    expect(state(page, "Paused")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    page.get_by_role("button", name="Resume").click()
    expect(state(page, "Running")).to_be_visible()

    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").get_by_role("button", name="Back").click()
    expect(state(page, "Running")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel the batch").click()

    expect(state(page, "Cancelled")).to_be_visible()
    assert not visitor.troubles, visitor.troubles


def test_failures_are_told_by_cause_and_tried_again(visitor: Visitor, providers: Providers) -> None:
    titles = [new_title() for _ in range(3)]
    unwritten = {"provider": "gemini", "kind": "bad_request", "containing": titles[0]}
    unspoken = {"provider": "tts", "kind": "bad_request", "operation": "synthesize"}
    providers.behave(latency=[], faults=[unwritten, unspoken])
    page = visitor.page
    fill_in(page, titles, LANGUAGES[:2])
    send(page)

    expect(state(page, "Failed")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("2 audios failed in writing")).to_be_visible()
    expect(page.get_by_text("4 audios failed in narration")).to_be_visible()
    expect(page.get_by_text("The provider refused", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Show them").first.click()
    expect(page.locator("tbody tr")).to_have_count(6)
    wrong = visitor.wrong()
    page.get_by_label("State", exact=True).select_option("")
    providers.behave(latency=[], faults=[])
    page.get_by_role("button", name="Try again what failed").click()

    finished(page, 6)
    expect(page.get_by_text("What went wrong")).to_be_hidden()
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles


def test_a_budget_stops_a_batch_until_it_is_raised(visitor: Visitor, providers: Providers) -> None:
    providers.behave(latency=[{"median": 0.6}], faults=[])
    page = visitor.page
    fill_in(page, [new_title() for _ in range(2)])
    page.get_by_role("radio", name="Minutes").check()
    page.get_by_role("spinbutton", name="Minutes").fill("1")
    page.get_by_label("Most it may cost", exact=False).fill("0.08")
    send(page)

    expect(page.get_by_text("The budget is used up", exact=False)).to_be_visible(timeout=MINUTE)
    expect(state(page, "Paused")).to_be_visible()
    wrong = visitor.wrong()
    page.get_by_role("button", name="Resume").click()
    page.get_by_label("Most it may cost", exact=False).fill("50")
    wrong += visitor.wrong()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()

    finished(page, 6)
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles
