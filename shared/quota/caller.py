"""On whose behalf the work at hand is done; the runtime says so, around every handler."""

from contextvars import ContextVar

caller: ContextVar[str] = ContextVar("caller", default="")
