"""On whose behalf the work at hand is done; the runtime says so, around every handler."""

from contextvars import ContextVar

caller: ContextVar[str] = ContextVar("caller", default="")
# When it was taken up, as a number: of one caller's work, the earlier goes first.
turn: ContextVar[int] = ContextVar("turn", default=0)
# Whether only the first of several models may answer: the user wants no other.
one_model: ContextVar[bool] = ContextVar("one_model", default=False)
# Whether the work fails for good if it fails now: the last moment for what costs more calls.
last_try: ContextVar[bool] = ContextVar("last_try", default=False)
