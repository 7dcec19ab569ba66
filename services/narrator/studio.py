"""Where recordings are made: a few at once, each in a process that gives way to everything else."""

import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from services.narrator.desks import Desks
from services.narrator.recording import Production, Recording, recorded
from services.narrator.segments import Segment
from services.narrator.speaking import Delivery
from shared.artefacts import Artefacts
from shared.vocabulary import ArtefactRef

PREFIX = "bolt-speeches-"
_LENGTH = struct.Struct(">Q")


class Studio:
    """Makes recordings of speeches that lie in the store."""

    def __init__(self, artefacts: Artefacts, desks: Desks) -> None:
        self._artefacts = artefacts
        self._desks = desks

    async def record(
        self,
        segments: Sequence[Segment],
        speeches: Sequence[ArtefactRef],
        delivery: Delivery,
        production: Production,
    ) -> Recording:
        """Return the recording of `segments`, whose speech lies at `speeches`.

        Raises:
            EncoderKilledError: the process that made it was killed.
        """
        ends = [segment.ends_paragraph for segment in segments]
        async with self._desks.turn():
            speech = await self._collected(speeches)
            try:
                return await self._desks.do(_recorded, speech, ends, delivery.made, production)
            finally:
                speech.unlink(missing_ok=True)

    async def _collected(self, speeches: Sequence[ArtefactRef]) -> Path:
        # In a file, not in memory: an hour of speech is a hundred megabytes.
        with NamedTemporaryFile(prefix=PREFIX, delete=False) as file:
            try:
                for ref in speeches:
                    speech = await self._artefacts.get(ref)
                    file.write(_LENGTH.pack(len(speech)))
                    file.write(speech)
            except BaseException:
                os.unlink(file.name)
                raise
        return Path(file.name)


def _recorded(
    speech: Path, ends: Sequence[bool], made: tuple[float, float], production: Production
) -> Recording:
    return recorded(_read(speech), ends, made, production)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        # Nobody else needs its name, and a process that is killed now leaves nothing behind.
        path.unlink()
        while length := file.read(_LENGTH.size):
            yield file.read(*_LENGTH.unpack(length))
