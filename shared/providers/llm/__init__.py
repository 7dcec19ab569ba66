"""Language models. `create(name)` is the only thing services call."""

import sys
from typing import cast

from shared.providers import load, projects
from shared.providers.llm._cleaning import Cleaned, clean
from shared.providers.llm._observed import Observed
from shared.providers.llm._permitted import Permitted
from shared.providers.llm.base import Completion, LanguageModel, Prompt, Task

__all__ = [
    "Cleaned",
    "Completion",
    "LanguageModel",
    "Prompt",
    "Task",
    "chosen",
    "clean",
    "create",
    "projects_of",
]

# What `auto` tries, best first; `offline` always works.
PREFERENCE = ("gemini", "openai", "offline")


def create(name: str = "auto") -> LanguageModel:
    """Return the language model called `name`; `auto` takes the first that has its keys."""
    opened = cast(LanguageModel, load(sys.modules[__name__], _named(name)).create())
    return Permitted(Observed(opened))


def chosen(name: str = "auto") -> tuple[str, str]:
    """Return the provider and the model that `create(name)` would ask, without opening them."""
    provider = _named(name)
    return provider, load(sys.modules[__name__], provider).model()


def projects_of(name: str) -> frozenset[str]:
    """Return the projects in whose quotas the environment's keys of a provider are."""
    return projects(sys.modules[__name__], name)


def _named(name: str) -> str:
    if name != "auto":
        return name
    here = sys.modules[__name__]
    return next(name for name in PREFERENCE if load(here, name).configured())
