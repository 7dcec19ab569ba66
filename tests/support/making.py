"""A batch, made as a user makes one."""

from collections.abc import Sequence

from playwright.sync_api import Page, expect

TITLES = ("The secret of the bees", "The city that never sleeps", "Why is the sky dark at night?")
LANGUAGES = ("English (United States)", "Portuguese (Brazil)", "Japanese (Japan)")
MINUTE = 60_000


def fill_in(
    page: Page, titles: Sequence[str] = TITLES, languages: Sequence[str] = LANGUAGES
) -> None:
    page.get_by_role("link", name="New batch").first.click()
    page.get_by_label("One title a line", exact=False).fill("\n".join(titles))
    for name in languages:
        page.get_by_label("Search: Portuguese", exact=False).fill(name)
        page.get_by_role("checkbox", name=name).first.check()
    page.get_by_label("Search: Portuguese", exact=False).fill("")


def send(page: Page) -> None:
    page.get_by_role("button", name="Make the audios").click()
    page.wait_for_url("**/batches/**")


def finished(page: Page, jobs: int) -> None:
    expect(page.get_by_text(f"{jobs} of {jobs} audios done")).to_be_visible(timeout=2 * MINUTE)
    expect(page.locator("h1 + div").get_by_text("Done", exact=True)).to_be_visible()
