"""The columns of a batch as a spreadsheet: what may be written, and what is only told. Pure."""

import unicodedata
from typing import Literal

Format = Literal["csv", "xlsx"]

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

# What a user fills in, and by which other headings it is known.
WRITTEN: dict[str, tuple[str, ...]] = {
    "job_id": ("job", "id"),
    "title": ("titulo", "título", "titles", "name", "nome"),
    "language": ("idioma", "lingua", "língua", "lang", "locale", "language_code"),
    "voice": ("voz", "voice_id", "voices"),
    "variation": ("variacao", "variação", "variation_number", "take"),
    "aspect": ("aspecto", "angle", "hook"),
    "minutes": ("minutos", "target_minutes", "duration", "duracao", "duração"),
    "rate": ("velocidade", "speaking_rate", "speed"),
    "style": ("estilo", "direction"),
    "script": ("roteiro", "texto", "text"),
}
# What only an export says; read again, it is left alone.
TOLD = (
    "state", "audio_minutes", "characters", "provider_calls", "cost_usd", "error",
    "audio", "subtitles", "script_file", "updated_at",
)  # fmt: skip
# A sheet to begin with has neither the jobs' ids nor their scripts.
TEMPLATE = ("title", "language", "voice", "aspect", "minutes", "rate", "style")
# Where in a row of a request a column ends up.
PLACES = {
    "minutes": ("options", "target_minutes"),
    "rate": ("options", "speaking_rate"),
    "style": ("options", "style"),
}

# What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def known(heading: str) -> str | None:
    """Return the column that a heading means; None where it is nobody's."""
    plain = _plain(heading)
    for name, others in WRITTEN.items():
        if plain == name or plain in map(_plain, others):
            return name
    return plain if plain in TOLD else None


def harmless(text: str) -> str:
    """Return `text` as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def as_written(text: str) -> str:
    """Return what was made harmless, as it was before."""
    bare = text.removeprefix("'")
    return bare if bare.lstrip(" ").startswith(_FORMULA) else text


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFC", heading).strip().casefold()
    return "_".join(letters.replace("-", " ").replace("_", " ").split())
