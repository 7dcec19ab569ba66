import hashlib
from pathlib import Path

import pytest

from deploy.local import kafka_files, postgres_programs, servers
from deploy.local.commands import bare
from deploy.local.environment import Environment
from deploy.local.launcher import Launcher, StartError
from deploy.local.processes import Owner
from deploy.local.stack import Stack
from deploy.local.state import State


def kind(environment: Environment, tmp_path: Path) -> str:
    return type(servers.server("kafka", Launcher(State(tmp_path), environment))).__name__


def test_the_embedded_broker_stands_in_where_it_is_asked_for(tmp_path: Path) -> None:
    assert kind(Environment({"BOLT_EMBEDDED_BROKER": "1"}), tmp_path) == "EmbeddedBroker"


def test_the_embedded_broker_stands_in_where_there_is_no_java(tmp_path: Path) -> None:
    assert kind(Environment({"PATH": str(tmp_path)}), tmp_path) == "EmbeddedBroker"


def test_a_provided_kafka_needs_no_stand_in() -> None:
    provided = {"KAFKA_BOOTSTRAP_SERVERS": "kafka:9092", "BOLT_EMBEDDED_BROKER": "1"}
    assert not servers.embedded_broker(Environment(provided))


def test_jars_are_compared_with_what_was_pinned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = tmp_path / "pinned"
    pinned.write_text(f"{hashlib.sha256(b'one').hexdigest()}  one.jar\n")
    monkeypatch.setattr(kafka_files, "CHECKSUMS", pinned)
    jars = tmp_path / "jars"
    jars.mkdir()
    (jars / "one.jar").write_bytes(b"one")
    kafka_files.verify(jars)
    (jars / "two.jar").write_bytes(b"two")
    with pytest.raises(StartError, match=r"pinned: two\.jar"):
        kafka_files.verify(jars)


def test_a_folder_within_a_private_one_is_out_of_reach(tmp_path: Path) -> None:
    stranger = Owner("stranger", uid=60123, gid=60123)
    private = tmp_path / "private"
    (private / "inner").mkdir(parents=True)
    private.chmod(0o700)
    assert not postgres_programs.reachable(private / "inner", stranger)
    assert postgres_programs.reachable(Path("/usr/bin"), stranger)


def test_a_part_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="translator"):
        Stack(tmp_path, environment=Environment({})).start_service("translator")


def test_addresses_are_shown_without_their_password() -> None:
    assert bare("postgresql://me:secret@host:5432/bolt") == "postgresql://host:5432/bolt"
    assert bare("redis://host:6379/0") == "redis://host:6379/0"
    assert bare("kafka:9092") == "kafka:9092"
