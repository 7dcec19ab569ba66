"""Stored objects, and the tickets that open them, in memory."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from shared.errors import InvalidRequestError
from shared.vocabulary import ArtefactRef


@dataclass
class FakeStorage:
    objects: dict[str, bytes] = field(default_factory=dict)
    chunk: int = 4

    def keep(self, data: bytes, media_type: str = "audio/mpeg") -> ArtefactRef:
        sha256 = hashlib.sha256(data).hexdigest()
        self.objects[sha256] = data
        return ArtefactRef(key=sha256, sha256=sha256, bytes=len(data), media_type=media_type)

    async def stream(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        if key not in self.objects:
            raise InvalidRequestError(f"no object {key!r}")
        wanted = self.objects[key][start:end]
        for at in range(0, len(wanted), self.chunk):
            yield wanted[at : at + self.chunk]


@dataclass
class FakeKeys:
    values: dict[str, str] = field(default_factory=dict)

    async def set(self, name: str, value: str, *, ex: int) -> None:
        self.values[name] = value

    async def getdel(self, name: str) -> str | None:
        return self.values.pop(name, None)
