"""What every settings class is made from: the environment, files, and a `.env`.

A secret need not be in the environment, where a crash report or a child process finds it:
`NAME_FILE` names a file that holds the value of `NAME`, and `SECRETS_DIR` a folder with one
file per setting, called as the setting is, in lower case. What the environment says itself
comes first, then those files, then `.env`.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic_settings import BaseSettings as PydanticSettings
from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource

from shared.errors import InvalidRequestError

SUFFIX = "_file"
FOLDER = "secrets_dir"


class BaseSettings(PydanticSettings):
    """Settings whose values may lie in files."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[PydanticSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours instead
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put files between the environment and `.env`."""
        return init_settings, env_settings, _Files(settings_cls), dotenv_settings


class _Files(EnvSettingsSource):
    """Values out of files, as if they stood in the environment."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        environment = super()._load_env_vars()
        folder = Path(environment.get(FOLDER) or "/nonexistent")
        found: dict[str, str | None] = {}
        for name in self._names():
            if named := environment.get(f"{name}{SUFFIX}"):
                found[name] = _read(Path(named), name)
            elif (file := folder / name).is_file():
                found[name] = _read(file, name)
        return found

    def _names(self) -> list[str]:
        fields = self.settings_cls.model_fields.items()
        return [
            env_name
            for name, field in fields
            for _, env_name, _ in self._extract_field_info(field, name)
        ]


def _read(file: Path, name: str) -> str:
    try:
        # Editors and `echo` leave a line break behind that is no part of a secret.
        return file.read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise InvalidRequestError(f"{name.upper()}: {file} cannot be read: {error}") from error
