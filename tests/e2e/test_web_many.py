"""A batch of ten thousand jobs, in a real browser: what is held of it."""

import pytest
from playwright.sync_api import Browser, expect

from bench.full_batch import alone, fill
from deploy.local.stack import Stack
from tests.support.browser import visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

PAGE = 25


def test_of_ten_thousand_jobs_a_page_is_held(browser: Browser, stack: Stack, url: str) -> None:
    visitor = visit(browser, url)
    page = visitor.page
    email = visitor.register()
    batch_id = alone(fill(stack.endpoints.database_url, email, 10_000))
    rows = page.locator("tbody tr")

    visitor.go(f"/batches/{batch_id}")
    expect(rows).to_have_count(PAGE)
    elements = page.locator("*").count()
    for first in (26, 51):
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.get_by_text(f"{first} to {first + PAGE - 1}", exact=True)).to_be_visible()
        expect(rows).to_have_count(PAGE)
    page.get_by_label("State", exact=True).select_option("failed")
    expect(page.get_by_text("the voice refuses this text").nth(PAGE - 1)).to_be_visible()
    expect(rows).to_have_count(PAGE)
    length = page.get_by_role("columnheader", name="Length")
    length.get_by_role("button").click()
    expect(length).to_have_attribute("aria-sort", "ascending")

    assert page.locator("*").count() < elements + 10 * PAGE
    assert not visitor.troubles, visitor.troubles
