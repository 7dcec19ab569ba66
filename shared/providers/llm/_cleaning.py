"""Keeps what a model adds to a text out of the narration: markdown, labels, stage directions."""

import re
import unicodedata
from dataclasses import dataclass

# In this order: a link holds brackets, and a heading may be a label.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, flags), replacement)
    for pattern, flags, replacement in (
        # A model being polite, before it begins.
        (
            r"\A\s*(?:claro|certamente|com certeza|aqui est[aá]|aqu[ií] (?:est[aá]|tienes)|por "
            r"supuesto|sure|certainly|of course|here(?:'s| is))\b(?=[^\n]*\b(?:roteiro|bloco|texto"
            r"|gui[oó]n|bloque|script|block|text|narra\w+|vers\w+|adapta\w+))[^\n]{0,200}:\s*\n",
            re.I,
            "",
        ),
        (r"```[a-z]*\n?", re.I, ""),
        (r"!?\[([^\]\n]*)\]\((?:https?:)?[^)\s]*\)", 0, r"\1"),
        (r"</?[a-zA-Z][^<>]{0,200}>", 0, ""),
        (r"^\s{0,3}#{1,6}\s+.*$", re.M, ""),
        (r"^\s*([-*_=]\s?){3,}$", re.M, ""),
        # The name of a part, alone on its line.
        (
            r"^\s*\**\s*(?:bloco|block|bloque|cena|scene|escena|parte|part|cap[ií]tulo|chapter"
            r"|t[ií]tulo|title)\s*(?:\d+|[IVXLC]+)?\s*(?:[:\u2013\u2014-]\s*[^\n]{0,80})?\**\s*$",
            re.M | re.I,
            "",
        ),
        (
            r"^\s*\**\s*(?:narrador[a]?|narrator|narraci[oó]n|voz|voice ?over|vo|locutor[a]?|host"
            r"|off|speaker \d)\s*(?:\([^)\n]*\))?\s*\**:\**\s*",
            re.M | re.I,
            "",
        ),
        (r"[\[\u3010][^\]\u3011\n]{1,80}[\]\u3011]", 0, ""),
        (
            r"\((?:m[uú]sica|music|pausa|pause|sfx|som|sound|risos?|risas?|laughs?|suspir[oa]|sigh"
            r"|fade|corte|cut|tom|em tom|voz|sussurr\w*|whisper\w*|câmera|cámara|camera|close)"
            r"\b[^)\n]{0,80}\)",
            re.I,
            "",
        ),
        (r"(\*{1,3}|_{1,3}|~~|`)(?=\S)([^\n]+?)(?<=\S)\1", 0, r"\2"),
        (r"^\s*(?:[-*•‣▪]|\d{1,2}[.)])\s+", re.M, ""),
        (r"^\s*>\s?", re.M, ""),
        (r"https?://\S+", 0, ""),
    )
)
_TIDY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^\S\n]{2,}"), " "),
    # Not before ":", ";", "!" and "?": French writes a space there.
    (re.compile(r"[^\S\n]+([,.…])(?=\s|$)"), r"\1"),
    (re.compile(r"[^\S\n]*\n[^\S\n]*"), "\n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)
_INVISIBLE = {ord(mark): None for mark in "\u00ad\ufeff\ufe0f\u200b"}
# Emoji, stray surrogates and private signs; "°" is of the same category, and is spoken.
_SILENT = ("So", "Cs", "Co")
_SPOKEN = "°"
_MARKS = "*`|"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that can be narrated.

    Attributes:
        text: What is left.
        stripped: The share of the original's letters and signs that is gone, 0 to 1.
    """

    text: str
    stripped: float


def clean(text: str) -> Cleaned:
    """Return `text` without what must never be spoken."""
    before = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_INVISIBLE))
    after = _once(before)
    # What hid behind a mark may be a mark itself.
    while (again := _once(after)) != after:
        after = again
    had, has = _visible(before), _visible(after)
    return Cleaned(after, 1 - has / had if had else 0.0)


def _once(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    text = "".join(sign for sign in text if not _is_silent(sign))
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return text.strip()


def _is_silent(sign: str) -> bool:
    return sign in _MARKS or (unicodedata.category(sign) in _SILENT and sign not in _SPOKEN)


def _visible(text: str) -> int:
    return sum(not sign.isspace() for sign in text)
