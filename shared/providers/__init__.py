"""The outside world, behind three protocols: `llm`, `tts`, `storage`.

One provider is one file. The file's name is the provider's name, in settings, in the
voice catalogue and everywhere else: `STORAGE=s3` loads `shared/providers/storage/s3.py`.
Its SDK is imported there and nowhere else, and its keys are read there.

To add one: a file with `configured()` and `create()`, and its test. Nothing else.
"""

import importlib
import pkgutil
from types import ModuleType

from shared.errors import InvalidRequestError


def names(kind: ModuleType) -> list[str]:
    """Return the providers of `kind`, e.g. `names(storage) == ["local", "s3"]`."""
    found = (module.name for module in pkgutil.iter_modules(kind.__path__))
    return sorted(name for name in found if name != "base" and not name.startswith("_"))


def load(kind: ModuleType, name: str) -> ModuleType:
    """Import the provider `name` of `kind`.

    Raises:
        InvalidRequestError: there is no such provider; the message lists those there are.
    """
    if name not in names(kind):
        known = ", ".join(names(kind))
        raise InvalidRequestError(f"no {kind.__name__} provider {name!r}; known: {known}")
    return importlib.import_module(f"{kind.__name__}.{name}")


def projects(kind: ModuleType, name: str) -> frozenset[str]:
    """Return the projects in whose quotas the environment's keys of a provider are."""
    module = load(kind, name)
    if not hasattr(module, "keys"):
        return frozenset()
    return frozenset(key.project for key in module.keys(module.Settings()))
