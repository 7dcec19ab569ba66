"""Languages and voices: what may be asked for, and who speaks it. Counts come from data."""

from shared.catalogue.lookup import default_voice, language, languages, voice, voices
from shared.catalogue.words import Language, Voice

__all__ = ["Language", "Voice", "default_voice", "language", "languages", "voice", "voices"]
