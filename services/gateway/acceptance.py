"""Accepts a batch whole or not at all: written down, published, remembered as published.

The row comes first, so that a crash between the two leaves something to publish again.
Publishing twice is harmless: it is the same event, with the same ids.
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4, uuid5

from services.gateway.defaults import Defaults
from services.gateway.drafts import BatchDraft
from services.gateway.errors import KeyReusedError
from services.gateway.planning import Plan, plan
from services.gateway.store.submissions import Submission
from shared.artefacts import fingerprint
from shared.errors import UnavailableError
from shared.events import BatchesSubmitted, Event
from shared.providers.tts import SpeakersOf
from shared.telemetry import live
from shared.vocabulary import ArtefactRef, BatchRequest

log = logging.getLogger(__name__)

# A broker takes a record of 1 MB by default; headers, and other fields to come, need room.
INLINE_BYTES = 400_000
# Publishing gives up after 15 s: a request that is being answered is not a crash.
CRASHED_AFTER = timedelta(seconds=20)
SWEEP_AT_ONCE = 100
# What stands for a request without a key whose first answer was 503, and for how long.
REPEAT = "repeat "
REPEATED_WITHIN = timedelta(hours=1)


class Submissions(Protocol):
    """What acceptance needs of the table `submissions`."""

    async def add(self, submission: Submission) -> bool:
        """Return whether it was added."""
        ...

    async def by_key(self, user_id: UUID, key: str) -> Submission | None:
        """Return what this user submitted under `key`, or None."""
        ...

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[Submission]:
        """Return what was accepted and is not known to be published."""
        ...

    async def mark_published(self, batch_id: UUID) -> None:
        """Remember that Kafka has it."""
        ...

    async def rename(self, batch_id: UUID, key: str | None) -> None:
        """Let `key` stand for the batch."""
        ...

    async def was_deleted(self, batch_id: UUID) -> bool:
        """Return whether there was a batch of this id."""
        ...


class Room(Protocol):
    """Where texts that are too large for an event are kept."""

    async def put(self, kind: str, data: bytes, *, media_type: str) -> ArtefactRef:
        """Store bytes under their own hash."""
        ...


class Publisher(Protocol):
    """The way into Kafka."""

    async def publish(self, event: Event) -> None:
        """Publish `event` and wait until the brokers have it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Turns drafts into batches.

    Attributes:
        submissions: Where accepted batches are written down.
        room: Where agents and large requests are kept.
        publisher: Where the pipeline hears of them.
        speakers: Tells who may speak for a user who names no voice.
        max_jobs: The most a batch may expand to.
        defaults: What a batch follows where it says nothing itself.
    """

    submissions: Submissions
    room: Room
    publisher: Publisher
    speakers: SpeakersOf
    max_jobs: int
    defaults: Defaults

    async def accept(self, user_id: UUID, draft: BatchDraft, key: str | None) -> BatchesSubmitted:
        """Return the batch that `draft` became: a new one, or the one that `key` stands for.

        Raises:
            InvalidFieldsError: the draft asks for what cannot be.
            KeyReusedError: `key` stands for another request.
            UnavailableError: it may begin later; repeating the request begins it only once.
        """
        digest = fingerprint("batch-draft/1", draft=draft)
        earlier = await self._earlier(user_id, key, digest)
        if earlier is not None:
            return await self._again(earlier, digest)
        speakers = await self.speakers(user_id)
        whole = await self.defaults.complete(user_id, draft)
        wanted = plan(
            whole.draft, speakers=speakers, max_jobs=self.max_jobs, preferred=whole.voices
        )
        event = await self._event(user_id, wanted, key)
        submission = Submission(event=event, key=key, request_sha256=digest)
        if not await self.submissions.add(submission) and key is not None:
            # Another request with this key was faster.
            earlier = await self.submissions.by_key(user_id, key)
            return await self._again(earlier or submission, digest)
        await self._publish_new(submission)
        for reason in wanted.voice_reasons.values():
            log.info("batch %s: nobody was named: %s", event.batch_id, reason)
        return event

    async def sweep(self) -> int:
        """Publish again what a process accepted and did not live to publish; return how much.

        Raises:
            UnavailableError: Kafka or the store is away; the rest stays for the next time.
        """
        left = await self.submissions.unpublished(older_than=CRASHED_AFTER, limit=SWEEP_AT_ONCE)
        for submission in left:
            await self._publish(submission.event)
        live.republished(len(left))
        return len(left)

    async def _earlier(self, user_id: UUID, key: str | None, digest: str) -> Submission | None:
        if key is not None:
            return await self.submissions.by_key(user_id, key)
        earlier = await self.submissions.by_key(user_id, REPEAT + digest)
        if earlier is None:
            return None
        # Whatever comes of it, the same request is a new batch the time after.
        await self.submissions.rename(earlier.event.batch_id, None)
        recent = datetime.now(UTC) - earlier.event.occurred_at < REPEATED_WITHIN
        return replace(earlier, key=None) if recent else None

    async def _again(self, earlier: Submission, digest: str) -> BatchesSubmitted:
        if earlier.request_sha256 != digest:
            raise KeyReusedError(
                f"this Idempotency-Key stands for batch {earlier.event.batch_id}, whose request "
                "was another; use a new key for a new request"
            )
        if not earlier.published:
            await self._publish_new(earlier)
        return earlier.event

    async def _publish_new(self, submission: Submission) -> None:
        try:
            await self._publish(submission.event)
        except UnavailableError:
            # Kafka's client may still deliver what we stopped waiting for, so the batch
            # cannot be taken back. Who repeats a request without a key must find it again.
            if submission.key is None:
                await self.submissions.rename(
                    submission.event.batch_id, REPEAT + submission.request_sha256
                )
            raise

    async def _publish(self, event: BatchesSubmitted) -> None:
        await self.publisher.publish(await self._sized(event))
        try:
            await self.submissions.mark_published(event.batch_id)
        except UnavailableError:
            # Kafka has it, so it is accepted; the sweeper will publish it once more.
            log.warning("batch %s was published and could not be marked so", event.batch_id)

    async def _sized(self, event: BatchesSubmitted) -> BatchesSubmitted:
        if event.request is None:
            return event
        data = event.request.model_dump_json().encode()
        if len(data) <= INLINE_BYTES:
            return event
        ref = await self.room.put("request", data, media_type="application/json")
        return event.model_copy(update={"request": None, "request_ref": ref})

    async def _event(self, user_id: UUID, wanted: Plan, key: str | None) -> BatchesSubmitted:
        agent = await self.room.put(
            "agent", wanted.agent.model_dump_json().encode(), media_type="application/json"
        )
        request = BatchRequest(
            mode=wanted.mode,
            titles=wanted.titles,
            targets=wanted.targets,
            variations=wanted.variations,
            agent=agent,
            script_language=wanted.agent.language,
            options=wanted.options,
            name=wanted.name,
            voice_reasons=dict(wanted.voice_reasons),
            rows=wanted.rows,
        )
        batch_id = uuid4() if key is None else await self._id_under(user_id, key)
        return BatchesSubmitted(
            event_id=uuid5(batch_id, "submitted"),
            occurred_at=datetime.now(UTC),
            batch_id=batch_id,
            user_id=user_id,
            request=request,
            total_jobs=request.total_jobs,
        )

    async def _id_under(self, user_id: UUID, key: str) -> UUID:
        # Two processes that are sent the same key at once choose the same id.
        batch_id = uuid5(user_id, f"batch {key}")
        while await self.submissions.was_deleted(batch_id):
            batch_id = uuid5(batch_id, "again")
        return batch_id
