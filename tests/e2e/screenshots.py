"""`make screenshots`: every screen of the web UI, in both themes, on a desktop and a phone."""

import shutil
import sys
import tempfile
from base64 import b64decode
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, expect

from bench.full_batch import alone, fill
from deploy.local.paths import ROOT
from deploy.local.stack import Stack
from tests.support.browser import DESKTOP, PHONE, Visitor, chromium, visit
from tests.support.states import a_held_batch, states
from tests.support.tour import DRAFT, acting_as_admin, made, promote, tour

FOLDER = ROOT / "docs" / "screenshots"
OFFLINE = {"LLM": "offline", "GEMINI_API_KEYS": "", "GOOGLE_TTS_API_KEYS": ""}
# Text stays sharp, and a picture stays under 100 kB.
QUALITY = 70
SIZES = {"desktop": DESKTOP, "phone": PHONE}
# Two frames: what was scrolled to has been painted then.
DRAWN = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
TWO_MINUTES = 120_000


def main() -> None:
    """Start everything, walk through it, and write the pictures."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "stack", env=OFFLINE, forget=True) as stack,
        chromium() as browser,
    ):
        walk(browser, stack)
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    sys.stdout.write(f"{len(list(FOLDER.iterdir()))} pictures, {total / 1e6:.1f} MB\n")


def walk(browser: Browser, stack: Stack) -> None:
    """Make one batch, and show every screen with it to each kind of visitor."""
    visitor = visit(browser, stack.service_url("gateway"))
    visitor.go("/sign-in")
    take(visitor, "sign-in-desktop-light")
    email = visitor.register()
    promote(stack.endpoints.database_url, email)
    empty(visitor)
    batch = a_batch(visitor)
    held = a_held_batch(visitor)
    stopped = str(alone(fill(stack.endpoints.database_url, email, 140, "paused")))
    acting_as_admin(visitor.page)
    for kind, (width, height) in SIZES.items():
        visitor.page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            # Portuguese by day, English by night: each screen is seen in both.
            visitor.wear("pt-BR" if theme == "light" else "en", theme)
            for name in chain(tour(visitor, batch), states(visitor, held, stopped)):
                take(visitor, f"{name}-{kind}-{theme}")


def empty(visitor: Visitor) -> None:
    """Take what somebody sees who has made nothing yet."""
    for kind, (width, height) in SIZES.items():
        visitor.page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            visitor.wear("pt-BR" if theme == "light" else "en", theme)
            take(visitor, f"empty-{kind}-{theme}")
    visitor.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def a_batch(visitor: Visitor) -> str:
    """Make a batch; take its picture on the way; return its id."""
    page = visitor.page
    visitor.wear("pt-BR", "light")
    visitor.go("/new")
    page.locator("textarea").first.fill(DRAFT)
    for name in ("Português (Brasil)", "Inglês (Estados Unidos)", "Espanhol (Espanha)", "Japonês"):
        page.get_by_role("checkbox", name=name).first.check()
    page.get_by_role("button", name="Gerar os áudios").click()
    page.wait_for_url("**/batches/**")
    page.wait_for_function(
        "() => /[1-9]\\d?%/.test(document.querySelector('h1 ~ *, main').innerText)"
    )
    take(visitor, "batch-running-desktop-light")
    expect(page.get_by_text("12 de 12 áudios prontos")).to_be_visible(timeout=TWO_MINUTES)
    return made(page)


def take(visitor: Visitor, name: str) -> None:
    """Write one picture, as WebP."""
    # What was said on the way is not what the screen is about.
    visitor.page.evaluate("() => document.activeElement?.blur()")
    visitor.page.evaluate(DRAWN)
    client = visitor.page.context.new_cdp_session(visitor.page)
    # They take room from what is behind a dialog, and look different on every system.
    client.send("Emulation.setScrollbarsHidden", {"hidden": True})
    shot = client.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (FOLDER / f"{name}.webp").write_bytes(b64decode(shot["data"]))
    client.detach()


if __name__ == "__main__":
    main()
