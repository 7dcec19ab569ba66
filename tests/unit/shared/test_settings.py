from pathlib import Path

import pytest

from shared.errors import InvalidRequestError
from shared.runtime import CommonSettings, kafka_security
from shared.runtime.kafka_security import Settings


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "secrets"
    folder.mkdir()
    return folder


def test_a_value_may_lie_in_a_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "anything").write_text("redis://from-a-file/0\n")
    monkeypatch.setenv("REDIS_URL_FILE", str(secrets / "anything"))

    assert CommonSettings().redis_url == "redis://from-a-file/0"


def test_a_folder_holds_a_file_for_each_setting(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secrets / "redis_url").write_text("redis://from-the-folder/0")
    (secrets / "window").write_text("7\n")
    monkeypatch.setenv("SECRETS_DIR", str(secrets))

    settings = CommonSettings()

    assert (settings.redis_url, settings.window) == ("redis://from-the-folder/0", 7)


def test_the_environment_comes_first_and_dotenv_last(
    secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("WINDOW=1\nMAX_ATTEMPTS=9\nLOG_LEVEL=ERROR\n")
    (secrets / "window").write_text("2")
    (secrets / "max_attempts").write_text("5")
    monkeypatch.setenv("SECRETS_DIR", str(secrets))
    monkeypatch.setenv("WINDOW", "3")

    settings = CommonSettings()

    assert (settings.window, settings.max_attempts, settings.log_level) == (3, 5, "ERROR")


def test_a_file_that_cannot_be_read_is_named(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL_FILE", str(secrets / "missing"))

    with pytest.raises(InvalidRequestError, match=r"REDIS_URL: .*missing"):
        CommonSettings()


def test_kafka_is_plain_unless_something_is_said() -> None:
    assert kafka_security.options(Settings()) == {}


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"kafka_username": "narrator"}, "KAFKA_PASSWORD"), ({}, "KAFKA_USERNAME")],
)
def test_a_login_needs_a_name_and_a_password(given: dict[str, str], missing: str) -> None:
    settings = Settings.model_validate({"kafka_security_protocol": "SASL_SSL", **given})

    with pytest.raises(InvalidRequestError, match=missing):
        kafka_security.options(settings)


def test_an_authority_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"kafka_security_protocol": "SSL", "kafka_ca_path": tmp_path / "ca.crt"}
    )

    with pytest.raises(InvalidRequestError, match="KAFKA_CA_PATH"):
        kafka_security.options(settings)
