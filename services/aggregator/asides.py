"""What is remembered beside the state of jobs: their tries, and dead letters."""

from services.aggregator.history import tried
from services.aggregator.reading import News
from services.aggregator.store import Connection, attempts, dead_letters


async def write(connection: Connection, news: News) -> None:
    """Add it. Nothing of it changes the state of anything."""
    if rows := list(tried(news.steps)):
        await attempts.insert(connection, rows)
    if news.dead:
        await dead_letters.insert(connection, news.dead)
