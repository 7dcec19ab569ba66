"""Publishes batches that a process accepted and did not live to publish."""

import asyncio
import logging

from services.gateway.acceptance import Acceptance
from shared.errors import UnavailableError

log = logging.getLogger(__name__)

SWEEP_SECONDS = 10.0


async def sweep(acceptance: Acceptance) -> None:
    """Sweep for ever."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            if count := await acceptance.sweep():
                log.info("published %d batches that a process had left behind", count)
        except UnavailableError as error:
            log.warning("sweeping: %s", error)
