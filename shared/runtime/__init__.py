"""How a service runs: Kafka, health, logs, traces. Knows no stage."""

from shared.runtime.service import Service
from shared.runtime.settings import CommonSettings

__all__ = ["CommonSettings", "Service"]
