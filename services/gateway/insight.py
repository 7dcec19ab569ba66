"""What is known of the whole: figures, and what is kept."""

from dataclasses import dataclass

from services.gateway.analysing import Analytics
from services.gateway.speech_cache import SpeechCache
from services.gateway.system import System


@dataclass(frozen=True, slots=True)
class Insight:
    """Figures of users' work, and stored speech."""

    analytics: Analytics
    cache: SpeechCache
    system: System
