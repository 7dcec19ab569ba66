"""What a title may be."""

import unicodedata

from services.gateway.drafts import BatchDraft
from services.gateway.planning.findings import Findings
from services.gateway.problems import pointer
from shared.vocabulary import TITLE_CHARACTERS

Place = tuple[str | int, ...]


def choose(draft: BatchDraft, found: Findings) -> tuple[str, ...]:
    """Return the titles without the space around them, and note what is wrong with them."""
    given = _given(draft, found)
    seen: dict[str, Place] = {}
    for where, title in given:
        if found.enough:
            break
        same = unicodedata.normalize("NFC", title)
        wrong = wrong_with(title)
        if same in seen and not wrong:
            wrong = f"the same title as {pointer(seen[same])}; leave one out"
        if wrong:
            found.add(wrong, *where)
        seen.setdefault(same, where)
    return tuple(title for _, title in given)


def _given(draft: BatchDraft, found: Findings) -> list[tuple[Place, str]]:
    if draft.title is not None and draft.titles is not None:
        found.add("give title or titles, not both", "title")
    if draft.titles is None and draft.title is not None:
        return [(("title",), draft.title.strip())]
    if not draft.titles:
        found.add("give a title, or at least one in titles", "titles")
    return [(("titles", index), title.strip()) for index, title in enumerate(draft.titles or [])]


def wrong_with(title: str) -> str | None:
    """Return what is wrong with a title by itself, or None."""
    if "\x00" in title:
        return "a title may not hold the NUL character; remove it"
    if len(title) > TITLE_CHARACTERS:
        return f"a title may have {TITLE_CHARACTERS} characters; this one has {len(title)}"
    # Neither space (Z) nor control, format and unassigned characters (C) can be seen.
    if not any(unicodedata.category(character)[0] not in "ZC" for character in title):
        return "a title needs at least one visible character"
    return None
