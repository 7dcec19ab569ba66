"""The gateway in memory, fresh for every test."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.support.gateway import FakeGateway
from tests.support.narrating import Speaking


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def client(gateway: FakeGateway) -> Iterator[TestClient]:
    with gateway.client() as client:
        yield client


@pytest.fixture
def stranger(gateway: FakeGateway) -> Iterator[TestClient]:
    with gateway.client(user_id=None) as client:
        yield client


@pytest.fixture
def speaking(gateway: FakeGateway) -> Iterator[TestClient]:
    """A client of a gateway whose pipeline speaks at once."""
    gateway.publisher = Speaking(gateway)
    with gateway.client() as client:
        yield client
