import base64
from pathlib import Path

from deploy.local.environment import Environment
from deploy.local.service_environment import Endpoints, for_gateway, for_sealing, for_services
from deploy.local.state import State

ENDPOINTS = Endpoints(kafka="127.0.0.1:1", database_url="postgresql://", redis_url="redis://")


def test_services_learn_where_the_servers_are(tmp_path: Path) -> None:
    env = for_services(ENDPOINTS, State(tmp_path), Environment({}))
    assert env == {
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "DATABASE_URL": "postgresql://",
        "REDIS_URL": "redis://",
        "STORAGE": "local",
        "STORAGE_LOCAL_ROOT": str(tmp_path / "artefacts"),
    }


def test_what_the_caller_chose_stays(tmp_path: Path) -> None:
    env = for_services(ENDPOINTS, State(tmp_path), Environment({"STORAGE": "s3"}))
    assert env["STORAGE"] == "s3"


def test_our_own_s3_server_comes_with_its_keys(tmp_path: Path) -> None:
    env = for_services(Endpoints(s3="http://127.0.0.1:1"), State(tmp_path), Environment({}))
    assert {"S3_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= env.keys()


def test_a_provided_s3_server_keeps_its_own_keys(tmp_path: Path) -> None:
    environment = Environment({"S3_ENDPOINT_URL": "https://elsewhere"})
    env = for_services(Endpoints(s3="https://elsewhere"), State(tmp_path), environment)
    assert "AWS_SECRET_ACCESS_KEY" not in env


def test_the_gateways_secret_is_kept_and_kept_private(tmp_path: Path) -> None:
    first = for_gateway(State(tmp_path), Environment({}))
    assert len(first["JWT_SECRET"]) >= 32
    assert for_gateway(State(tmp_path), Environment({})) == first
    assert (tmp_path / "jwt-secret").stat().st_mode & 0o777 == 0o600


def test_a_given_secret_is_not_replaced(tmp_path: Path) -> None:
    assert for_gateway(State(tmp_path), Environment({"JWT_SECRET": "given"})) == {}


def test_what_secrets_are_sealed_with_is_kept_and_kept_private(tmp_path: Path) -> None:
    first = for_sealing(State(tmp_path), Environment({}))
    kid, _, key = first["KEYS_KEK"].partition(":")
    assert (kid, len(base64.b64decode(key))) == ("local", 32)
    assert for_sealing(State(tmp_path), Environment({})) == first
    assert (tmp_path / "keys-kek").stat().st_mode & 0o777 == 0o600
    assert for_sealing(State(tmp_path), Environment({"KEYS_KEK": "given"})) == {}
