"""One piece of work under way while the next is made ready."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class OneAhead:
    """Begins pieces of work one after another; none before the last has succeeded."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    async def begin(self, work: Work) -> None:
        """Begin `work` once what was begun before is done; do not wait for it.

        Raises:
            Exception: what was begun before failed; `work` is not begun.
        """
        await self.done()
        self._task = asyncio.create_task(_run(work))

    async def done(self) -> None:
        """Return once nothing is under way.

        Raises:
            Exception: it failed; told once.
        """
        if (task := self._task) is None:
            return
        # Whoever stops waiting here decides with `stop` what becomes of it.
        await asyncio.wait([task])
        self._task = None
        task.result()

    async def stop(self) -> None:
        """Call off what is under way, and return once it has ended."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            log.warning("stopped, and had failed before: %r", error)


async def _run(work: Work) -> None:
    await work()
