"""What `bolt submit` and `bolt estimate` are given: a file, and what holds for all of it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer

from cli import sheets


@dataclass(frozen=True, slots=True)
class Wish:
    """A batch somebody wants.

    Attributes:
        options: Stand over those of the file, as in `options` of the API.
    """

    file: Path
    languages: list[str]
    name: str
    options: dict[str, Any] = field(default_factory=dict)

    async def submitted(self, client: Any) -> dict[str, Any]:
        """Ask for it; return the batch."""
        if not self._is_sheet:
            return dict(await client.create_batch(self._batch()))
        found = await client.import_sheet(
            self.file, common=self._common(), idempotency_key=str(uuid4())
        )
        return dict(found["batch"])

    async def estimated(self, client: Any) -> dict[str, Any]:
        """Return what it would take."""
        if not self._is_sheet:
            return dict(await client.estimate(self._batch()))
        return dict(await client.estimate_sheet(self.file, common=self._common()))

    @property
    def _is_sheet(self) -> bool:
        return self.file.suffix.lower() in sheets.KINDS

    def _common(self) -> dict[str, Any]:
        common = sheets.common(self.name, self.languages)
        return common | ({"options": self.options} if self.options else {})

    def _batch(self) -> dict[str, Any]:
        text = self.file.read_text(encoding="utf-8")
        if self.file.suffix == ".json":
            batch: dict[str, Any] = json.loads(text)
        else:
            titles = [line.strip() for line in text.splitlines() if line.strip()]
            batch = {"mode": "matrix", "name": self.name, "titles": titles}
            batch["languages"] = self.languages
        if self.options:
            batch["options"] = batch.get("options", {}) | self.options
        return batch


def options(given: list[str]) -> dict[str, Any]:
    """Return options given as `name=value`; a value is JSON, or else text."""
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise typer.BadParameter(f"{each!r} is not NAME=VALUE", param_hint="--option")
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return found
