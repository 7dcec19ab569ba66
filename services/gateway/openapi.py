"""Writes the OpenAPI document: `python -m services.gateway.openapi > docs/openapi.json`."""

import json
import sys

from pydantic import SecretStr

from services.gateway.app import build
from services.gateway.settings import SHORTEST_SECRET, Settings


def document() -> str:
    """Return the document, the same on every machine."""
    settings = Settings(jwt_secret=SecretStr("-" * SHORTEST_SECRET), log_level="ERROR")
    return json.dumps(build(settings).openapi(), ensure_ascii=False, indent=2, sort_keys=False)


if __name__ == "__main__":
    sys.stdout.write(document() + "\n")
