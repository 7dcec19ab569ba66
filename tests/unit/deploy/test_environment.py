from pathlib import Path

from deploy.local.environment import Environment
from deploy.local.paths import LOCAL


def test_a_given_server_is_provided() -> None:
    environment = Environment({"DATABASE_URL": "postgresql://elsewhere/bolt"})
    assert environment.provided("postgres") == "postgresql://elsewhere/bolt"
    assert environment.provided("kafka") is None


def test_an_empty_variable_provides_nothing() -> None:
    assert Environment({"REDIS_URL": ""}).provided("valkey") is None


def test_the_state_lies_where_the_environment_says(tmp_path: Path) -> None:
    assert Environment({"BOLT_STATE_DIR": str(tmp_path)}).state_dir == tmp_path
    assert Environment({}).state_dir == LOCAL / "state"


def test_the_embedded_broker_can_be_asked_for() -> None:
    assert Environment({"BOLT_EMBEDDED_BROKER": "1"}).embedded_broker
    assert not Environment({"BOLT_EMBEDDED_BROKER": "0"}).embedded_broker
