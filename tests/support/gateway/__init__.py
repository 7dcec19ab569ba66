"""The gateway with everything around it in memory, for tests of its routes."""

from tests.support.gateway.batches import FakePublisher
from tests.support.gateway.everything import FakeGateway, assembled
from tests.support.gateway.installation import settings, vault_of
from tests.support.gateway.jobs import FakeJobs
from tests.support.gateway.rows import ME, NOW, SOMEBODY_ELSE, batch, job
from tests.support.gateway.voices import FakeProviders

__all__ = [
    "ME",
    "NOW",
    "SOMEBODY_ELSE",
    "FakeGateway",
    "FakeJobs",
    "FakeProviders",
    "FakePublisher",
    "assembled",
    "batch",
    "job",
    "settings",
    "vault_of",
]
