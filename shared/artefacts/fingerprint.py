"""The name of a result, known before the result is."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel


def fingerprint(kind: str, **determines: Any) -> str:
    """Return 64 hex digits that change whenever anything in `determines` does.

    Args:
        kind: What is made, with the version of how: "script/1". A change of prompt or
            algorithm is a new version, and so a new fingerprint.
        determines: Everything that decides the result: JSON values and pydantic models.
    """
    canonical = json.dumps(
        [kind, determines], sort_keys=True, ensure_ascii=False, default=_plain, allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no canonical form")
