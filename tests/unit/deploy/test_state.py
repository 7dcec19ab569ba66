import os
import socket
from pathlib import Path

import pytest

from deploy.local import ports, processes
from deploy.local.state import Record, State


def test_a_port_is_remembered(tmp_path: Path) -> None:
    port = State(tmp_path).port("kafka")
    assert State(tmp_path).port("kafka") == port


def test_a_port_that_is_taken_meanwhile_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "MOMENT_SECONDS", 0.1)
    port = State(tmp_path).port("kafka")
    with socket.create_server(("127.0.0.1", port)):
        assert not ports.is_free(port)
        assert ports.answers(port)
        assert State(tmp_path).port("kafka") != port


def test_no_two_parts_share_a_port(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert len({state.port(name) for name in "abcdefgh"}) == 8


def test_another_command_finds_the_processes(tmp_path: Path) -> None:
    born = processes.born(os.getpid()) or ""
    State(tmp_path).remember("kafka", Record(os.getpid(), born, "127.0.0.1:1", "log"))
    found = State(tmp_path).record("kafka")
    assert found is not None
    assert found.running
    assert found.address == "127.0.0.1:1"


def test_a_process_of_that_pid_born_at_another_time_is_not_ours(tmp_path: Path) -> None:
    State(tmp_path).remember("kafka", Record(os.getpid(), "long ago", "127.0.0.1:1", "log"))
    found = State(tmp_path).record("kafka")
    assert found is not None
    assert not found.running


def test_what_was_stopped_is_forgotten(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.remember("kafka", Record(1, "", "", ""))
    state.forget("kafka")
    assert State(tmp_path).records() == {}


def test_a_folder_elsewhere_that_vanished_is_not_used_again(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    state.remember_external("postgres", elsewhere)
    assert State(tmp_path / "state").external("postgres") == elsewhere
    elsewhere.rmdir()
    assert State(tmp_path / "state").external("postgres") is None
