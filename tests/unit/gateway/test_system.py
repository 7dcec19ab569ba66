from tests.support.gateway import FakeGateway


def test_only_admins_see_how_the_system_stands(gateway: FakeGateway) -> None:
    with gateway.client() as client:
        refused = client.get("/v1/admin/system")
    with gateway.client(role="admin") as client:
        found = client.get("/v1/admin/system").json()

    assert refused.status_code == 403
    assert found["services"] == [
        {"service": "narrator", "replicas": 2, "behind": {"script.adapted": 40}}
    ]
    assert (found["version"], found["queues"]["batches"]) == ("1.2.3", 2)
