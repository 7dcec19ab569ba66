"""Leaves out of the news what is about deleted batches: all but what they cost.

A batch is deleted as soon as the order to delete it is folded, whatever is folded before or
after. Its rows go a moment later: see `removing`.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.aggregator.reading import News
from services.aggregator.spending import Expense, spent
from services.aggregator.store import Connection, deleted, unused, usage
from shared.events import BatchesControl, JobEvent
from shared.topics import BATCHES_SUBMITTED
from shared.vocabulary import ArtefactRef

# A request that lies in the object store is read again as long as the log tells of it.
REQUEST_KEPT = timedelta(milliseconds=BATCHES_SUBMITTED.retention_ms, days=1)
_REFERENCES = ("script", "audio", "srt", "vtt", "cut")


def home_of(event: JobEvent) -> UUID:
    """Return the batch that a job is in, as its event tells: one of its own where none is named."""
    return event.batch_id or uuid5(event.job_id, "batch")


async def leave_out(connection: Connection, news: News) -> Sequence[Expense]:
    """Take what is about deleted batches out of `news`; return what of their cost was not known."""
    if orders := [each for each in news.orders if each.action == "delete"]:
        await deleted.add(connection, _since(orders))
    await _outlast(connection, news)
    gone = await deleted.among(connection, _mentioned(news))
    if not gone:
        return []
    late = [event for event in news.steps if home_of(event) in gone]
    _drop(news, gone)
    if made := {ref.key: event.occurred_at for event in late for ref in references(event)}:
        await unused.add(connection, made)
    bills = [bill for event in late for bill in spent([event], event.job_id, home_of(event))]
    return await usage.insert(connection, bills) if bills else []


async def _outlast(connection: Connection, news: News) -> None:
    """Have large requests removed once the log tells of them no more."""
    requests = {
        event.request_ref.key: event.occurred_at + REQUEST_KEPT
        for event, _ in news.submitted
        if event.request_ref
    }
    if requests:
        await unused.add(connection, requests)


def _since(orders: list[BatchesControl]) -> dict[UUID, datetime]:
    since: dict[UUID, datetime] = {}
    for order in orders:
        since[order.batch_id] = min(order.occurred_at, since.get(order.batch_id, order.occurred_at))
    return since


def _mentioned(news: News) -> set[UUID]:
    return {
        *(order.batch_id for order in news.orders),
        *(event.batch_id for event, _ in news.submitted),
        # By number first: a UUID hashes in Python, and there are thousands of few.
        *{home.int: home for home in map(home_of, news.steps)}.values(),
        *(letter["batch_id"] for letter in news.dead if letter["batch_id"]),
    }


def _drop(news: News, gone: Collection[UUID]) -> None:
    news.orders = [order for order in news.orders if order.batch_id not in gone]
    news.submitted = [each for each in news.submitted if each[0].batch_id not in gone]
    news.steps = [event for event in news.steps if home_of(event) not in gone]
    news.dead = [letter for letter in news.dead if letter["batch_id"] not in gone]


def references(event: JobEvent) -> Iterator[ArtefactRef]:
    """Yield the objects that a job's event refers to as its own."""
    for name in _REFERENCES:
        if isinstance(ref := getattr(event, name, None), ArtefactRef):
            yield ref
