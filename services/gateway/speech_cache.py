"""Speech that is kept: how much, what is like a text, and what shall be there before it is used."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID, uuid5

from pydantic import TypeAdapter

from services.gateway.acceptance import Publisher
from services.gateway.store.batches import preloads_of
from services.gateway.store.spoken_texts import Likeness, SpokenText, UnreadCut
from shared.artefacts import Artefacts, Shelf
from shared.catalogue import Voice
from shared.errors import InvalidRequestError, UnavailableError
from shared.events import ScriptAdapted
from shared.vocabulary import Options

log = logging.getLogger(__name__)

TIDY_SECONDS = 10.0
# Jobs whose texts one search reads at most; the next one goes on.
READ_AT_ONCE = 200
FETCHED_AT_ONCE = 16
TITLE_CHARACTERS = 80
_CUT = TypeAdapter(tuple[tuple[str, ...], ...])


class SpokenTexts(Protocol):
    """Where texts are found again."""

    async def unread(self, user_id: UUID, limit: int) -> list[UnreadCut]:
        """Return jobs whose texts are not there yet."""
        ...

    async def add(self, user_id: UUID, of: UnreadCut, texts: Sequence[str]) -> None:
        """Keep the segments of a job."""
        ...

    async def similar(self, user_id: UUID, wanted: Likeness) -> Sequence[SpokenText]:
        """Return what is like a text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What shall be spoken before anybody asks for it."""

    user_id: UUID
    texts: Sequence[str]
    voice: Voice
    options: Options


@dataclass(frozen=True, slots=True)
class SpeechCache:
    """What users may ask of it, and the loop that keeps it within its size."""

    shelf: Shelf
    texts: SpokenTexts
    room: Artefacts
    publisher: Publisher
    limit_bytes: int

    async def similar(self, user_id: UUID, wanted: Likeness) -> tuple[Sequence[SpokenText], bool]:
        """Return what was spoken for a user and is like a text, and whether that is all.

        The texts of jobs that nobody has searched yet are read first; of very many, some.
        """
        unread = await self.texts.unread(user_id, READ_AT_ONCE)
        places = asyncio.Semaphore(FETCHED_AT_ONCE)
        await asyncio.gather(*(self._read(user_id, each, places) for each in unread))
        return await self.texts.similar(user_id, wanted), len(unread) < READ_AT_ONCE

    async def _read(self, user_id: UUID, of: UnreadCut, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                segments = _CUT.validate_json(await self.room.get(of.cut))
            except (InvalidRequestError, ValueError) as error:
                # It will not be there the next time either.
                log.warning("the texts of job %s are not searched: %s", of.job_id, error)
                segments = ()
            await self.texts.add(user_id, of, ["".join(pieces).strip() for pieces in segments])

    async def preload(self, phrases: Phrases) -> list[UUID]:
        """Have phrases spoken and kept; return the jobs that do it.

        A job is the same however often its phrase is preloaded: repeating it changes nothing.
        """
        batch_id = preloads_of(phrases.user_id)
        asked = [_event(batch_id, phrases, text) for text in phrases.texts]
        await asyncio.gather(*map(self.publisher.publish, asked))
        return [event.job_id for event in asked]

    async def keep_tidy(self) -> None:
        """Keep it within its size for ever."""
        while True:
            removed = 0
            try:
                removed = await self.shelf.tidy(self.limit_bytes)
            except UnavailableError as error:
                log.warning("stored speech is not tidied: %s", error)
            if removed:
                log.info("removed %d pieces of speech", removed)
            else:
                await asyncio.sleep(TIDY_SECONDS)


def _event(batch_id: UUID, phrases: Phrases, text: str) -> ScriptAdapted:
    voice, options = phrases.voice, phrases.options
    name: list[Any] = [voice.id, text, options.model_dump_json()]
    job_id = uuid5(batch_id, hashlib.sha256(repr(name).encode()).hexdigest())
    return ScriptAdapted(
        event_id=uuid5(job_id, "adapted"),
        job_id=job_id,
        batch_id=batch_id,
        user_id=phrases.user_id,
        title=" ".join(text.split())[:TITLE_CHARACTERS],
        language=voice.language,
        voice=voice.id,
        text=text,
        options=options,
    )
