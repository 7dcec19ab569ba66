import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from shared.runtime import create_topics

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests/support/schemas/compose-spec.json").read_text())
SERVICES = {"gateway", "scripter", "adapter", "narrator", "aggregator"}


@pytest.fixture
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def problems(compose: dict[str, Any]) -> list[str]:
    validator = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(compose)]


def test_it_passes_the_schema(compose: dict[str, Any]) -> None:
    assert not problems(compose)


@pytest.mark.parametrize(
    ("name", "value"), [("helthcheck", {}), ("read_only", [1]), ("stop_grace_period", 90)]
)
def test_a_broken_field_is_found(compose: dict[str, Any], name: str, value: object) -> None:
    broken = copy.deepcopy(compose)

    broken["services"]["narrator"][name] = value

    assert problems(broken)


def test_everything_has_a_profile_and_the_core_is_whole(compose: dict[str, Any]) -> None:
    profiles = {name: set(each["profiles"]) for name, each in compose["services"].items()}
    core = {name for name, each in profiles.items() if each == {"core"}}

    assert set.union(*profiles.values()) == {"core", "observability"}
    assert core >= SERVICES | {"kafka", "postgres", "valkey", "seaweedfs"}
    for name in core:
        assert set(compose["services"][name].get("depends_on", ())) <= core


def test_what_is_waited_for_says_when_it_is_ready(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, awaited in service.get("depends_on", {}).items():
            if awaited["condition"] == "service_healthy":
                assert compose["services"][name]["healthcheck"]["test"]
            else:
                assert "restart" not in compose["services"][name]


def test_its_topics_are_those_of_the_code(compose: dict[str, Any]) -> None:
    assert compose["services"]["topics"]["command"][-1] == create_topics.__name__
    assert compose["services"]["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_services_are_restricted_and_may_finish(compose: dict[str, Any]) -> None:
    for name in SERVICES:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["stop_grace_period"] == "90s"
        assert service["build"]["args"] == {"SERVICE": name}


def test_every_variable_it_reads_is_in_the_example() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    read = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    known = set(re.findall(r"^#?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read <= known


def test_every_file_it_mounts_is_there(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), source
            else:
                assert source in compose["volumes"]


def test_prometheus_knows_every_service_by_its_name() -> None:
    scraped = yaml.safe_load((ROOT / "deploy/observability/prometheus.yml").read_text())

    assert {each["job_name"] for each in scraped["scrape_configs"]} == SERVICES
