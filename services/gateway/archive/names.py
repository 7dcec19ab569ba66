"""File names that a person can read, and that no operating system stumbles over."""

import re
import unicodedata
from urllib.parse import quote

# A path of 255 bytes is too long for some tools; Windows counts 260 characters with the folder.
MOST_CHARACTERS = 80
MOST_BYTES = 180

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_SPACE = re.compile(r"\s+")
# Windows keeps these for devices, with any extension.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def safe(text: str, *, instead: str = "untitled") -> str:
    """Return `text` as a name of one file, in its own script; `instead` if nothing is left."""
    # Control and format characters include NUL and those that reverse what follows.
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    name = _SPACE.sub(" ", _FORBIDDEN.sub("-", visible))
    name = _cut(name.strip(" ."))
    if not name.strip("- "):
        return instead
    return f"_{name}" if _DEVICES.fullmatch(name) else name


def disposition(name: str, *, kind: str = "attachment") -> str:
    """Return a Content-Disposition with `name` in every script (RFC 6266, RFC 5987)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    fallback = re.sub(r'["\\%]', "-", plain).strip() or "download"
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


class Taken:
    """Gives every name once, as a file system that ignores case sees it."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def claim(self, path: str) -> str:
        """Return `path`, or `path` with a number where it was given out before."""
        free, number = path, 1
        while (seen := unicodedata.normalize("NFKC", free).casefold()) in self._names:
            number += 1
            free = f"{path} ({number})"
        self._names.add(seen)
        return free


def _cut(name: str) -> str:
    short = name[:MOST_CHARACTERS]
    while len(short.encode()) > MOST_BYTES or _continues(name[len(short) : len(short) + 1]):
        short = short[:-1]
    return short.strip(" .")


def _continues(character: str) -> bool:
    # An accent without its letter, or half an emoji, is worse than a shorter name.
    return bool(character) and unicodedata.category(character) in {"Mn", "Mc", "Me", "Sk"}
