import pytest

from shared import quota
from tests.support.quota import FakeLedger


@pytest.fixture(autouse=True)
def quotas_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "Ledger", FakeLedger)
    # Longer waits are answered with how long they would be.
    monkeypatch.setenv("QUOTA_LONGEST_WAIT_SECONDS", "5")
