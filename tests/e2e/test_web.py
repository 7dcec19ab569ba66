"""What a user does with the web UI, in a real browser, with everything behind it."""

import io
import zipfile

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from deploy.local.stack import Stack
from tests.support.browser import DESKTOP, PHONE, Visitor, visit
from tests.support.making import LANGUAGES, MINUTE, TITLES, fill_in, finished, send
from tests.support.tour import acting_as_admin, made, promote, tour

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ANIMALS = ("ants", "cats", "crows", "dogs", "eels", "foxes", "goats", "hares", "mice", "owls")


def listen_to_the_end(page: Page) -> None:
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("slider", name="Position").press("End")
    expect(page.locator("[data-ended]")).to_be_visible()
    expect(page.get_by_label("Subtitles").locator("[aria-current=true]")).to_be_visible()


def change_a_sentence(page: Page) -> None:
    before = audio(page)
    page.get_by_text("Text", exact=True).first.click()
    page.get_by_role("button", name="Change: ", exact=False).first.click()
    page.get_by_label("Sentence", exact=True).fill("Bees never sleep, and nobody knows why.")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("button", name="Narrate what changed").click()
    expect(page.get_by_text("The new audio is ready")).to_be_visible(timeout=MINUTE)
    page.get_by_text("Listen", exact=True).click()
    expect(page.get_by_label("Subtitles")).to_contain_text("Bees never sleep")
    assert audio(page) != before


def audio(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name="Audio", exact=True).click()
    return download.value.path().read_bytes()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_batch_is_made_watched_heard_changed_and_taken_home(
    browser: Browser, url: str, size: tuple[int, int]
) -> None:
    visitor = visit(browser, url, size)
    page = visitor.page
    visitor.register()
    if size == PHONE:
        page.goto(url + "/new")
        page.goto(url)

    fill_in(page)
    expect(page.get_by_text("9 audios", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("9 audios", exact=True)).to_be_visible()
    send(page)
    page.reload()
    finished(page, 9)
    assert not visitor.shifts()

    page.get_by_role("link", name=TITLES[0]).first.click()
    listen_to_the_end(page)
    change_a_sentence(page)
    page.keyboard.press("Escape")

    with page.expect_download() as download:
        page.get_by_role("button", name="Download ZIP").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert len([name for name in archive.namelist() if name.endswith(".mp3")]) == 9
    assert not visitor.troubles, visitor.troubles


def test_the_page_catches_up_after_the_network_and_the_gateway_were_away(
    browser: Browser, stack: Stack, url: str
) -> None:
    visitor = visit(browser, url)
    page = visitor.page
    visitor.register()
    # Never told before: what was would be there at once, and nothing to catch up with.
    fill_in(page, [f"The secret of the {animal}" for animal in ANIMALS], LANGUAGES[:2])
    send(page)
    visitor.settled()

    visitor.offline = True
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline", exact=False)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline", exact=False)).to_be_hidden()
    stack.stop_service("gateway")
    expect(page.get_by_text("Connecting", exact=True)).to_be_visible()
    stack.start_service("gateway")
    # Live again, or over by now.
    expect(page.get_by_text("Connecting", exact=True)).to_be_hidden(timeout=MINUTE)
    visitor.offline = False

    finished(page, 20)
    assert not visitor.troubles, visitor.troubles


def test_language_and_theme_stay_chosen(browser: Browser, url: str) -> None:
    visitor = visit(browser, url)
    page = visitor.page
    visitor.register()
    visitor.go("/settings")

    page.get_by_text("Dark", exact=True).click()
    page.get_by_text("Português", exact=True).click()

    expect(page.get_by_role("heading", name="Ajustes")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Ajustes")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.documentElement.lang") == "pt-BR"
    assert not visitor.troubles, visitor.troubles


def test_one_batch_is_made_however_often_it_is_sent(browser: Browser, url: str) -> None:
    visitor = visit(browser, url)
    page = visitor.page
    visitor.register()
    fill_in(page, TITLES[:1], LANGUAGES[:1])

    # The answer is lost on its way; the user sends it again.
    visitor.offline = True
    lose_answers(page, 1)
    page.get_by_role("button", name="Make the audios").click()
    expect(page.get_by_text("The server cannot be reached", exact=False)).to_be_visible()
    visitor.offline = False
    send(page)

    visitor.go("/")
    expect(page.get_by_role("listitem").filter(has_text=TITLES[0])).to_have_count(1)
    assert not visitor.troubles, visitor.troubles


def lose_answers(page: Page, count: int) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/v1/batches", lose, times=count)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_screen_is_accessible_and_fits(
    browser: Browser, stack: Stack, url: str, size: tuple[int, int]
) -> None:
    visitor = visit(browser, url, size)
    wrong = looked_at(visitor, "sign-in", "/sign-in")
    email = visitor.register()
    promote(stack.endpoints.database_url, email)
    fill_in(visitor.page, TITLES[:1], LANGUAGES[:2])
    send(visitor.page)
    finished(visitor.page, 2)
    batch = made(visitor.page)
    acting_as_admin(visitor.page)

    # Each language in each theme on one of the two: all four on both would say the same again.
    dress = [("en", "light"), ("pt-BR", "dark")]
    if size == PHONE:
        dress = [("en", "dark"), ("pt-BR", "light")]
    for language, theme in dress:
        visitor.wear(language, theme)
        for name in tour(visitor, batch):
            wrong += problems(visitor, f"{name}, {language}, {theme}")

    assert not wrong, "\n".join(wrong)
    assert not visitor.troubles, visitor.troubles


def looked_at(visitor: Visitor, name: str, path: str) -> list[str]:
    found: list[str] = []
    for language in ("en", "pt-BR"):
        for theme in ("light", "dark"):
            visitor.go(path)
            visitor.wear(language, theme)
            found += problems(visitor, f"{name}, {language}, {theme}")
    visitor.wear("en", "light")
    return found


def problems(visitor: Visitor, where: str) -> list[str]:
    return [f"{where}: {each}" for each in visitor.wrong()]
