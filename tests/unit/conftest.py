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
    # A service that is built sets up the root logger of the process it is built in.
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
