"""Languages and voices: what may be asked for, and who speaks it. Counts come from data."""

from shared.catalogue.choosing import FAMILIES, Choice, choose, default_voice, minute_price
from shared.catalogue.lookup import install, language, languages, voice, voices
from shared.catalogue.refreshing import Changes, as_rows, of_rows, refreshed
from shared.catalogue.words import Language, Voice

__all__ = [
    "FAMILIES",
    "Changes",
    "Choice",
    "Language",
    "Voice",
    "as_rows",
    "choose",
    "default_voice",
    "install",
    "language",
    "languages",
    "minute_price",
    "of_rows",
    "refreshed",
    "voice",
    "voices",
]
