"""Object stores. `create(name)` is the only thing services call."""

import sys
from typing import cast

from shared.providers import load
from shared.providers.storage.base import Listed, Storage, Stored

__all__ = ["Listed", "Storage", "Stored", "create"]


def create(name: str = "local") -> Storage:
    """Return the object store called `name`, not yet open."""
    return cast(Storage, load(sys.modules[__name__], name).create())
