import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter, ValidationError

from services.gateway.moments import Moment


@pytest.mark.parametrize(
    "value", ["0", "1700000000", "-1.5", 0, 1.5, "2026-11-20T12:00:00", "1999-12-31T00:00:00Z"]
)
def test_a_number_and_a_time_without_a_place_are_no_moments_and_none_of_another_century(
    value: object,
) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(value)


def test_figures_until_a_number_are_refused_with_what_to_send(client: TestClient) -> None:
    answer = client.get("/v1/analytics/trends?until=0")

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/until")
    assert "2026-11-20T12:00:00Z" in error["detail"]
