"""An artefact room in memory, for handlers' tests."""

import hashlib
from typing import Self

from shared.artefacts import Artefact, Artefacts
from shared.artefacts.room import Make
from shared.errors import InvalidRequestError
from shared.vocabulary import ArtefactRef


class FakeArtefacts(Artefacts):
    """Keeps its promises about `once`, within one process and for one caller at a time."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.made: list[str] = []
        self._media_types: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    async def once(
        self, kind: str, fingerprint: str, make: Make, *, media_type: str, provider: str = ""
    ) -> Artefact:
        key = f"{kind}/{fingerprint[:2]}/{fingerprint}"
        if fresh := key not in self.objects:
            self._keep(key, await make(), media_type)
            self.made.append(key)
        return Artefact(self._ref(key), fresh=fresh)

    async def put(self, kind: str, data: bytes, *, media_type: str) -> ArtefactRef:
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"{kind}/{sha256[:2]}/{sha256}"
        self._keep(key, data, media_type)
        return self._ref(key)

    async def get(self, ref: ArtefactRef) -> bytes:
        if ref.key not in self.objects:
            raise InvalidRequestError(f"no object {ref.key!r} in the store")
        return self.objects[ref.key]

    def _keep(self, key: str, data: bytes, media_type: str) -> None:
        self.objects[key] = data
        self._media_types[key] = media_type

    def _ref(self, key: str) -> ArtefactRef:
        data = self.objects[key]
        return ArtefactRef(
            key=key,
            sha256=hashlib.sha256(data).hexdigest(),
            bytes=len(data),
            media_type=self._media_types[key],
        )
