"""A real browser, and an eye on everything that may go wrong in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.paths import ROOT

AXE = ROOT / "services" / "gateway" / "web" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct horse battery"
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A hundredth of what is called good: nothing that anybody sees.
STILL = 0.001
PHONE, DESKTOP = (390, 844), (1440, 900)

# What moves although nobody touched anything, since the page was opened.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push({
    by: entry.value,
    of: entry.sources.map(({ node, previousRect, currentRect }) => [
      (node?.outerHTML ?? node?.textContent ?? 'gone').slice(0, 120),
      ...[previousRect, currentRect].map(({ x, y, width, height }) => [x, y, width, height]),
    ]),
  });
}).observe({ type: 'layout-shift', buffered: true });
"""
AXE_RUN = """
async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations
    .filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
}
"""
# Texts that are wider than their place: with an ellipsis they are cut on purpose, and say their
# whole in a title; nothing else may be.
CUT_OFF = """
() => [...document.querySelectorAll('main *, dialog *, aside *')].filter((element) => {
  const style = getComputedStyle(element);
  if (element.clientWidth === 0 || ['visible', 'auto'].includes(style.overflowX)) return false;
  if (element.closest('.sr-only, textarea, input, canvas')) return false;
  return element.scrollWidth > element.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 160))
"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the system's Chromium, without a window."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert program, "Chromium is not installed; `make browser` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody with the web UI open, and whatever went wrong for them."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)
    offline: bool = False

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self._note(f"threw: {error}"))
        self.page.on(
            "console",
            lambda message: (
                self._note(f"console: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        self.page.on(
            "response",
            lambda response: (
                self._note(f"{response.status} {response.url}") if response.status >= 400 else None
            ),
        )

    def _note(self, trouble: str) -> None:
        if not self.offline:
            self.troubles.append(trouble)

    def go(self, path: str) -> None:
        """Open a screen, and wait until it shows what it is about."""
        self.page.goto(self.url + path)
        self.settled()

    def settled(self) -> None:
        """Wait until nothing is loading."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_function("() => !document.querySelector('[data-loading], [aria-busy]')")

    def register(self) -> str:
        """Make an account; return its address."""
        email = f"{uuid4().hex[:10]}@example.com"
        self.go("/sign-in")
        self.page.get_by_role("button", name="I am new here").click()
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Create an account").click()
        self.page.get_by_role("heading", name="Batches").wait_for()
        return email

    def sign_in(self, email: str) -> None:
        """Sign in with an account that was made before."""
        self.go("/sign-in")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(self.url + "/")

    def wear(self, language: str, theme: str) -> None:
        """Choose the language and the theme, as the settings would."""
        self.page.evaluate(
            "([language, theme]) => { localStorage.setItem('bolt.language', language);"
            " localStorage.setItem('bolt.theme', theme); }",
            [language, theme],
        )
        self.page.reload()
        self.settled()

    def violations(self) -> list[str]:
        """Return what axe finds serious or critical on this screen."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found: list[str] = self.page.evaluate(AXE_RUN)
        return found

    def cut_off(self) -> list[str]:
        """Return the texts that do not fit where they stand, and how far the page is too wide."""
        found: list[str] = self.page.evaluate(CUT_OFF)
        wide: int = self.page.evaluate(TOO_WIDE)
        return found + ([f"the page is {wide} px too wide"] if wide > 0 else [])

    def wrong(self) -> list[str]:
        """Return what is not accessible on this screen, or does not fit."""
        return [*self.violations(), *(f"cut off: {each}" for each in self.cut_off())]

    def shifts(self) -> list[str]:
        """Return what moved by itself, and by how much (parts of cumulative layout shift)."""
        found: list[dict[str, Any]] = self.page.evaluate("() => window.shifts")
        return [f"{each['by']:.4f}: {each['of']}" for each in found if each["by"] > STILL]


def visit(browser: Browser, url: str, size: tuple[int, int] = DESKTOP, **more: Any) -> Visitor:
    """Open a browser profile of its own; English and light where nothing else is said."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        **{"locale": "en-US", "color_scheme": "light", "accept_downloads": True, **more},
    )
    context.add_init_script(WATCH_SHIFTS)
    context.set_default_timeout(30_000)
    return Visitor(context.new_page(), url)
