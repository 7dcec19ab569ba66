"""What is spoken, out of what was written: no markdown, no stage directions, no emoji."""

# ruff: noqa: RUF001 - the punctuation of every script is meant here

import re
import unicodedata

# Only what nobody would put in brackets for another reason: "(close to the sea)" is spoken.
_DIRECTIONS = (
    "música|music|musik|musique|pausa|pause|sfx|som de|sound of|sound effects?|risos?|risas?"
    "|laughs?|laughter|lacht|rires?|suspir[oa]|sighs?|fade (?:in|out)|fade|corte (?:para|seco)"
    "|cut to|em tom|tom de|voz (?:grave|baixa|off)|sussurr(?:ando|a)|whisper(?:s|ing)|câmera"
    "|camera|close[- ]up|aplausos?|applause|silêncio|silence|silencio|efeitos? sonoros?"
    "|смех|музыка|пауза|вздох"
)
_SPEAKERS = (
    "narradora?|narrator|narrateur|narratrice|narración|narração|narration|erzähler(?:in)?"
    "|sprecher(?:in)?|voz|voice ?over|vo|locutora?|host|off|speaker \\d|рассказчик|диктор"
    "|ナレーター|ナレーション|旁白|解说|내레이터|الراوي|कथावाचक|ผู้บรรยาย"
)
_PARTS = (
    "bloco|block|bloque|cena|scene|escena|parte|part|capítulo|capitulo|chapter|título|titulo|title"
)
_PREAMBLES = (
    "claro[!,.]|certamente[!,.]|aqui está|com certeza|sure[!,.]|certainly[!,.]|here(?:'s| is)"
    "|of course|aquí (?:está|tienes)|voici|hier ist"
)

# In this order: a link is unwrapped before its brackets look like a stage direction. Repeats
# are bounded, or a line of a hundred thousand brackets would take minutes.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # "Sure! Here is the script:", which models like to begin with.
    (re.compile(rf"\A\s*(?:{_PREAMBLES})[^\n]{{0,160}}:\s*\n", re.I), ""),
    (re.compile(r"```.*?(?:```|\Z)", re.S), ""),
    (re.compile(r"!?\[([^\]\[\n]{0,300})\]\((?:https?:)?[^)\s]{0,2000}\)"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]{0,200}>"), ""),
    # Headings are for the eye: whole lines, with or without marks.
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+.*$", re.M), "\n"),
    (re.compile(r"^[ \t]*(?:[-*_=][ \t]?){3,}$", re.M), "\n"),
    (
        re.compile(
            rf"^[ \t]*\**[ \t]*(?:{_PARTS})[ \t]*(?:\d+|[IVXLC]+)?[ \t]*"
            r"(?:[:–—-][ \t]*[^\n.!?…]{0,80})?\**[ \t]*$",
            re.M | re.I,
        ),
        "\n",
    ),
    (
        re.compile(
            rf"^[ \t]*\**[ \t]*(?:{_SPEAKERS})[ \t]*(?:[(（][^)）\n]*[)）])?[ \t]*[:：]\**[ \t]*",
            re.M | re.I,
        ),
        "",
    ),
    (re.compile(r"[\[【［][^\]】］\n]{1,80}[\]】］]"), ""),
    (re.compile(rf"\((?:{_DIRECTIONS})\b[^)\n]{{0,60}}\)", re.I), ""),
    (
        re.compile(r"（(?:音楽|音乐|效果音|効果音|笑|沈黙|沉默|間|停顿|ため息|叹)[^）\n]{0,40}）"),
        "",
    ),
    (re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~|`)(?=\S)(.{1,300}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"^[ \t]*(?:[-*•‣▪]|\d{1,2}[.)])[ \t]+", re.M), ""),
    (re.compile(r"^[ \t]*>[ \t]?", re.M), ""),
    (re.compile(r"https?://\S+"), ""),
)

# Letters are joined and kept apart by these in Persian and in the scripts of India.
_JOINERS = "\u200c\u200d"
_MARKS = frozenset("*#`|\u20e3\ufe0e\ufe0f")
_SPOKEN_SYMBOLS = frozenset("°№©®™℃℉")
# Control and format characters, private ones, emoji, and the skin tones of emoji.
_UNSPOKEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk"})

_SENTENCE_END = re.compile(r"[.!?…:;。！？।॥؟۔።։]['\"»”’)\]」』）]*$")


def spoken(text: str) -> str:
    """Return what of `text` is to be spoken; paragraphs are apart by an empty line."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    text = "".join(_spoken(character) for character in text)
    # A joiner between emoji that are gone joins nothing.
    text = re.sub(rf"(?<!\w)[{_JOINERS}]+|[{_JOINERS}]+(?![\w])", _kept_joiner, text)
    text = re.sub(r"[ \t]+([,.;:!?…])", r"\1", re.sub(r"[ \t]+", " ", text))
    paragraphs = re.split(r"\n[ \t]*\n\s*", text.strip())
    return "\n\n".join(filter(None, map(_unwrap, paragraphs)))


def _spoken(character: str) -> str:
    category = unicodedata.category(character)
    if character in _MARKS or (category in _UNSPOKEN and character not in _SPOKEN_SYMBOLS):
        return character if character in _JOINERS or character == "\n" else ""
    return " " if category == "Zs" or character == "\t" else character


def _kept_joiner(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    # A vowel sign or a virama is a mark, not a letter, and joiners do follow it.
    return match[0] if before and unicodedata.category(before).startswith("M") else ""


def _unwrap(paragraph: str) -> str:
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    text = ""
    for line in lines:
        text += _between(text, line) + line
    return text


def _between(before: str, after: str) -> str:
    if not before:
        return ""
    if _SENTENCE_END.search(before):
        return "\n"
    # A line that was only wrapped goes on; Chinese and Japanese have no space to wrap at.
    return "" if _wide(before[-1]) and _wide(after[0]) else " "


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and not "가" <= character <= "힣"
