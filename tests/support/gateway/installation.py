"""How the installation is set up: its settings, and its vault."""

import base64
from typing import Any

from pydantic import SecretStr

from services.gateway.settings import Settings
from shared.quota import vault
from shared.quota.vault import Vault


def settings(**changes: Any) -> Settings:
    return Settings(**{"jwt_secret": SecretStr("s" * 32), **changes})


def vault_of(*kids: str) -> Vault:
    keks = ",".join(f"{k}:{base64.b64encode(k[:1].encode() * 32).decode()}" for k in kids)
    return vault.create(vault.Settings(keys_kek=SecretStr(keks)))
