"""Emulators of third parties, on their real wire format: Gemini, Cloud TTS, OpenAI."""

from bench.emulators.behaviour import Behaviour, Fault, Latency, Quota
from bench.emulators.kinds import Kind
from bench.emulators.server import Addresses, Emulators

__all__ = ["Addresses", "Behaviour", "Emulators", "Fault", "Kind", "Latency", "Quota"]
