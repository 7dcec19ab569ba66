"""A page that slept while its batch went on, in a real browser."""

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.support.browser import visit
from tests.support.making import LANGUAGES, fill_in, finished, send
from tests.support.titles import new_title

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_a_page_that_wakes_up_notices_that_its_line_is_dead(browser: Browser, url: str) -> None:
    visitor = visit(browser, url)
    page = visitor.page
    visitor.register()
    page.clock.install()
    lines: list[WebSocketRoute] = []
    page.route_web_socket("**/events?*", lambda line: follow(line, lines))
    fill_in(page, [new_title() for _ in range(8)], LANGUAGES[:2])
    send(page)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()

    # The machine sleeps: nothing moves, and no timer counts. Whatever was sent meanwhile is lost.
    power = page.context.new_cdp_session(page)
    power.send("Page.setWebLifecycleState", {"state": "frozen"})
    power.send("Page.setWebLifecycleState", {"state": "active"})
    page.clock.set_system_time(page.evaluate("Date.now()") + 3_600_000)
    page.evaluate("document.dispatchEvent(new Event('resume'))")

    finished(page, 16)
    assert len(lines) == 2
    assert not visitor.troubles, visitor.troubles


def follow(line: WebSocketRoute, lines: list[WebSocketRoute]) -> None:
    """Pass on what is said; of the first line only how it begins."""
    lines.append(line)
    first = len(lines) == 1
    server = line.connect_to_server()
    told: list[object] = []

    def pass_on(message: str | bytes) -> None:
        told.append(message)
        if not first or len(told) == 1:
            line.send(message)

    server.on_message(pass_on)
    if first:
        # A dead line does not even say that it is closed.
        server.on_close(lambda code, reason: None)
