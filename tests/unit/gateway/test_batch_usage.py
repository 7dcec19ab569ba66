from fastapi.testclient import TestClient

from services.gateway.store.usage import Spent
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, batch

SPENT = Spent(
    stage="narrator",
    provider="google",
    model="chirp3-hd",
    language="pt-BR",
    calls=4,
    input_tokens=0,
    output_tokens=0,
    characters=3_000,
    audio_seconds=180.0,
    cost_usd=0.09,
)


def test_says_what_a_batch_has_cost(client: TestClient, gateway: FakeGateway) -> None:
    mine = gateway.batches.add(batch())
    gateway.usage.spent += [(ME, mine.batch_id, SPENT), (ME, mine.batch_id, SPENT)]

    body = client.get(f"/v1/batches/{mine.batch_id}/usage").json()

    assert (body["calls"], body["cost_usd"]) == (8, 0.18)
    assert body["items"][0]["model"] == "chirp3-hd"


def test_nobody_sees_what_another_spent(client: TestClient, gateway: FakeGateway) -> None:
    theirs = gateway.batches.add(batch(), owner=SOMEBODY_ELSE)

    assert client.get(f"/v1/batches/{theirs.batch_id}/usage").status_code == 404
