import logging
from collections.abc import Iterator

import pytest

from shared import quota
from tests.support.quota import FakeLedger


@pytest.fixture(autouse=True)
def quotas_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "Ledger", FakeLedger)
    # Longer waits are answered with how long they would be.
    monkeypatch.setenv("QUOTA_LONGEST_WAIT_SECONDS", "5")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    # A service that is built, by a test or while tests are collected, sets up the root logger
    # of its process.
    root = logging.getLogger()
    handlers = list(root.handlers)
    root.setLevel(logging.WARNING)
    yield
    root.handlers[:] = handlers
