"""Somebody who has no mouse, and has to see where the keyboard is."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

# More stops than any screen has.
MOST = 250
# Where the keyboard is: its role and name as a screen reader has them, more or less; and whether
# it can be seen there. What is drawn by a label around it counts as well.
FOCUS = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const ring = (each) => {
    const look = getComputedStyle(each);
    return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
  };
  const name = at.getAttribute('aria-label') ||
    [...(at.labels ?? [])].map((each) => each.innerText).join(' ') || at.innerText || at.title;
  const tag = at.tagName.toLowerCase();
  const roles = { a: 'link', button: 'button', textarea: 'textbox', select: 'combobox' };
  const kinds = { checkbox: 'checkbox', radio: 'radio', number: 'spinbutton' };
  const place = at.getBoundingClientRect();
  return {
    role: at.getAttribute('role') || roles[tag] || kinds[at.type] || 'textbox',
    name: (name || '').trim(),
    checked: Boolean(at.checked),
    within: at.closest('dialog') ? 'dialog' : 'page',
    visible: [at, at.closest('label')].some((each) => each && ring(each)) && place.width > 0,
  };
}
"""


@dataclass
class Keyboard:
    """Goes through a page by Tab, and remembers where it could not be seen."""

    page: Page
    unseen: list[str] = field(default_factory=list)

    def focus(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.page.evaluate(FOCUS)
        return found

    def at(self, role: str, name: str) -> bool:
        focus = self.focus()
        return bool(focus and focus["role"] == role and name in focus["name"])

    def checked(self) -> bool:
        focus = self.focus()
        return bool(focus and focus["checked"])

    def step(self) -> dict[str, Any] | None:
        self.page.keyboard.press("Tab")
        focus = self.focus()
        if focus and not focus["visible"]:
            self.unseen.append(f"{focus['role']} {focus['name']!r}")
        return focus

    def to(self, role: str, name: str) -> None:
        """Press Tab until it is reached."""
        passed = []
        for _ in range(MOST):
            focus = self.step()
            if focus and focus["role"] == role and name in focus["name"]:
                return
            passed.append(focus and f"{focus['role']} {focus['name']}")
        raise AssertionError(f"no {role} {name!r} is reached by Tab, only {passed}")

    def stays_within(self, place: str, steps: int = 12) -> None:
        """Press Tab, and see that it stays; the browser's own bar lies on every way round."""
        for _ in range(steps):
            focus = self.step()
            assert focus is None or focus["within"] == place, focus
