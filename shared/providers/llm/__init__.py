"""Language models. `create(name)` is the only thing services call."""

import sys
from typing import cast

from shared.providers import load
from shared.providers.llm._cleaning import Cleaned, clean
from shared.providers.llm.base import Completion, LanguageModel, Prompt, Task

__all__ = ["Cleaned", "Completion", "LanguageModel", "Prompt", "Task", "clean", "create"]

# What `auto` tries, best first; `offline` always works.
PREFERENCE = ("gemini", "openai", "offline")


def create(name: str = "auto") -> LanguageModel:
    """Return the language model called `name`; `auto` takes the first that has its keys."""
    here = sys.modules[__name__]
    if name == "auto":
        name = next(name for name in PREFERENCE if load(here, name).configured())
    return cast(LanguageModel, load(here, name).create())
