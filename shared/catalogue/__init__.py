"""Languages and voices: what may be asked for, and who speaks it. Counts come from data."""

from shared.catalogue.choosing import Choice, choose, default_voice, minute_price
from shared.catalogue.lookup import language, languages, voice, voices
from shared.catalogue.words import Language, Voice

__all__ = [
    "Choice",
    "Language",
    "Voice",
    "choose",
    "default_voice",
    "language",
    "languages",
    "minute_price",
    "voice",
    "voices",
]
