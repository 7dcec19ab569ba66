"""Voices, the providers that have them, and who likes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from shared.catalogue import Voice
from shared.providers.tts import Checked, Speakers


@dataclass
class FakeFavourites:
    liked: list[tuple[UUID, str, str]] = field(default_factory=list)

    async def add(self, user_id: UUID, language: str, voice: str) -> None:
        if (user_id, language, voice) not in self.liked:
            self.liked.append((user_id, language, voice))

    async def remove(self, user_id: UUID, voice: str) -> None:
        self.liked = [row for row in self.liked if (row[0], row[2]) != (user_id, voice)]

    async def all(self, user_id: UUID, language: str | None = None) -> list[str]:
        return [row[2] for row in self.liked if row[0] == user_id and language in (None, row[1])]


@dataclass
class FakeProviders:
    """What providers answer: to keys, and of their voices."""

    checked: Checked = field(default_factory=Checked)
    secrets: list[tuple[str, str]] = field(default_factory=list)
    voices: Sequence[Voice] | Exception = ()
    may_speak: Speakers = field(default_factory=lambda: Speakers(("espeak",)))

    async def speakers(self, user_id: UUID) -> Speakers:
        return self.may_speak

    async def check(self, provider: str, secret: SecretStr) -> Checked:
        self.secrets.append((provider, secret.get_secret_value()))
        return self.checked

    async def listed(self, provider: str) -> Sequence[Voice]:
        if isinstance(self.voices, Exception):
            raise self.voices
        return self.voices


@dataclass
class FakeVoices:
    rows: dict[str, str] = field(default_factory=dict)
    mirrored: dict[str, str] = field(default_factory=dict)

    async def keep(self, provider: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows[provider] = json.dumps(list(rows))

    async def all(self) -> dict[str, str]:
        return dict(self.rows)

    async def replace(self, news: Mapping[str, str]) -> None:
        self.mirrored = dict(news)
