"""What surrounds the batches, in a real browser: webhooks, figures, what one may not see."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import Visitor, visit
from tests.support.http_receiver import http_receiver
from tests.support.making import LANGUAGES, fill_in, finished, send
from tests.support.titles import new_title

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def visitor(browser: Browser, url: str) -> Visitor:
    visitor = visit(browser, url)
    visitor.register()
    return visitor


def test_a_webhook_is_made_tried_and_its_log_read(visitor: Visitor) -> None:
    page = visitor.page
    with http_receiver() as told:
        visitor.go("/webhooks")
        page.get_by_role("button", name="Add a webhook").click()
        page.get_by_label("Address").fill(told.url)
        wrong = visitor.wrong()
        page.get_by_role("dialog").get_by_role("button", name="Add a webhook").click()
        expect(page.get_by_text("Copy the secret now", exact=False)).to_be_visible()
        wrong += visitor.wrong()
        page.get_by_role("button", name="Close").first.click()

        told.answers.append(500)
        page.get_by_role("button", name="Test").click()
        log = page.get_by_role("list", name="What was sent").get_by_role("listitem")
        expect(log).to_contain_text("webhook.ping")
        expect(log).to_contain_text("Will be tried again")
        wrong += visitor.wrong()
        log.get_by_role("button", name="Send again").click()
        expect(log.get_by_text("Delivered").first).to_be_visible()

    assert "webhook.ping" in told.bodies[-1]
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles


def test_what_was_made_is_added_up(visitor: Visitor) -> None:
    page = visitor.page
    fill_in(page, [new_title()], LANGUAGES[:2])
    send(page)
    finished(page, 2)

    visitor.go("/analytics")

    expect(page.locator("dl > div").filter(has_text="Audios").locator("dd").first).to_have_text("2")
    expect(page.get_by_role("region", name="Languages")).to_contain_text("Portuguese (Brazil)")
    expect(page.get_by_role("region", name="Providers")).to_contain_text("call")
    wrong = visitor.wrong()
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles


def test_what_is_for_admins_says_so_to_others(visitor: Visitor) -> None:
    page = visitor.page

    visitor.go("/dead-letters")

    expect(page.get_by_text("Only for admins")).to_be_visible()
    expect(page.get_by_role("link", name="Dead letters")).to_be_hidden()
    wrong = visitor.wrong()
    assert not wrong, wrong
    assert not visitor.troubles, visitor.troubles


def test_an_address_that_leads_nowhere_shows_the_way_back(visitor: Visitor) -> None:
    page = visitor.page
    # The browser itself notes the status.
    visitor.offline = True

    answer = page.goto(visitor.url + "/no/such/screen")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("There is nothing at this address")).to_be_visible()
    wrong = visitor.wrong()
    page.get_by_role("link", name="To your batches").click()
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    visitor.offline = False
    assert not wrong, wrong


def test_what_is_chosen_in_one_browser_is_chosen_in_the_next(browser: Browser, url: str) -> None:
    first, second = visit(browser, url), visit(browser, url)
    email = first.register()
    first.go("/settings")
    first.page.get_by_label("File format").select_option("opus")
    first.page.get_by_text("Dark", exact=True).click()
    with first.page.expect_response("**/v1/me/preferences") as kept:
        first.page.get_by_text("Português", exact=True).click()
    assert kept.value.ok

    second.sign_in(email)

    expect(second.page.get_by_role("heading", name="Lotes")).to_be_visible()
    assert second.page.evaluate("document.documentElement.dataset.theme") == "dark"
    second.go("/new")
    expect(second.page.get_by_label("Formato do arquivo")).to_have_value("opus")
    assert not first.troubles + second.troubles, first.troubles + second.troubles
