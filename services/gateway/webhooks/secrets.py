"""Secrets of webhooks: shown once, and kept sealed."""

import base64
import secrets
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from services.gateway.errors import NotConfiguredError
from services.gateway.store.webhooks import Sealed
from shared.quota.vault import Vault

PREFIX = "whsec_"
BYTES = 32


def make() -> SecretStr:
    """Return a new one, as Standard Webhooks writes them."""
    return SecretStr(PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode())


@dataclass(frozen=True, slots=True)
class SecretKeeper:
    """Seals and opens them. Without a vault there can be none."""

    vault: Vault | None

    def seal(self, secret: SecretStr, *, user_id: UUID, webhook_id: UUID) -> str:
        """Return `secret`, bound to its user and its webhook."""
        return self._vault().seal(secret, owner=str(user_id), key_id=f"webhook {webhook_id}")

    def open(self, sealed: Sealed, *, webhook_id: UUID) -> list[SecretStr]:
        """Return what signs: the current one, and the one before where it still does.

        Raises:
            RefusedError: it does not open.
        """
        records = [sealed.current, *([sealed.previous] if sealed.previous else [])]
        vault, owner = self._vault(), str(sealed.user_id)
        return [vault.open(each, owner=owner, key_id=f"webhook {webhook_id}") for each in records]

    def _vault(self) -> Vault:
        if self.vault is None:
            raise NotConfiguredError("set KEYS_KEK on the gateway to keep secrets of webhooks")
        return self.vault
