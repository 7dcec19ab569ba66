"""Keys of users, at rest: each under a key of its own, which is itself under ours.

    v1:<kid>:<wrapped data key>:<ciphertext>

Both parts are AES-256-GCM (nonce first) and bound to their owner and their key's id: moved to
another row, neither opens. Rotating wraps the data key anew; the secret is not touched.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.errors import InvalidRequestError, RefusedError
from shared.settings import BaseSettings

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12


class Settings(BaseSettings):
    """What keys of users are kept under."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    keys_kek: SecretStr = Field(
        default=SecretStr(""),
        description="`kid:base64 of 32 bytes`, comma-separated: the first seals, all open. Put a "
        "new one first, rotate what is stored, then remove the old one.",
    )


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens secrets.

    Attributes:
        current: The id of the key that seals.
    """

    current: str
    _keks: dict[str, bytes] = field(repr=False)

    def seal(self, secret: SecretStr, *, owner: str, key_id: str) -> str:
        """Return `secret`, readable only by `open` with the same owner and key id."""
        bound = _bound(owner, key_id)
        data_key = secrets.token_bytes(KEY_BYTES)
        sealed = _encrypt(data_key, secret.get_secret_value().encode(), bound)
        return self._record(data_key, bound, sealed)

    def open(self, record: str, *, owner: str, key_id: str) -> SecretStr:
        """Return the secret of `record`.

        Raises:
            RefusedError: it is another owner's, another key's, changed, or under a key that is
                not in KEYS_KEK any more.
        """
        bound = _bound(owner, key_id)
        data_key, sealed = self._unwrap(record, bound)
        return SecretStr(_decrypt(data_key, sealed, bound).decode())

    def rotate(self, record: str, *, owner: str, key_id: str) -> str:
        """Return `record` under the current key; the same one where it is already.

        Raises:
            RefusedError: it does not open.
        """
        bound = _bound(owner, key_id)
        data_key, sealed = self._unwrap(record, bound)
        if record.split(":")[1] == self.current:
            return record
        return self._record(data_key, bound, sealed)

    def _record(self, data_key: bytes, bound: bytes, sealed: bytes) -> str:
        kid = self.current
        wrapped = _encrypt(self._keks[kid], data_key, _wrapping(kid, bound))
        return ":".join((VERSION, kid, _text(wrapped), _text(sealed)))

    def _unwrap(self, record: str, bound: bytes) -> tuple[bytes, bytes]:
        parts = record.split(":")
        if len(parts) != 4 or parts[0] != VERSION:
            raise RefusedError(f"vault: a record is not of version {VERSION}")
        kid = parts[1]
        if kid not in self._keks:
            raise RefusedError(f"vault: KEYS_KEK has no key {kid!r}, under which this was sealed")
        try:
            wrapped, sealed = (base64.urlsafe_b64decode(part) for part in parts[2:])
        except binascii.Error as error:
            raise RefusedError("vault: a record is damaged") from error
        return _decrypt(self._keks[kid], wrapped, _wrapping(kid, bound)), sealed


def configured(settings: Settings | None = None) -> bool:
    """Return whether KEYS_KEK is set."""
    return bool((settings or Settings()).keys_kek.get_secret_value().strip())


def create(settings: Settings | None = None) -> Vault:
    """Return a vault with the keys of the settings.

    Raises:
        InvalidRequestError: there are none, or one is not 32 bytes.
    """
    given = (settings or Settings()).keys_kek.get_secret_value()
    keks: dict[str, bytes] = {}
    for entry in filter(None, map(str.strip, given.split(","))):
        kid, _, encoded = entry.partition(":")
        try:
            keks[kid] = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except binascii.Error:
            keks[kid] = b""
        if not kid or len(keks[kid]) != KEY_BYTES:
            raise InvalidRequestError(
                f"KEYS_KEK: {kid if encoded else 'an entry'!r} is not `kid:base64 of 32 bytes`"
            )
    if not keks:
        raise InvalidRequestError("KEYS_KEK is empty: set `kid:base64 of 32 bytes` to keep keys")
    return Vault(next(iter(keks)), keks)


def _bound(owner: str, key_id: str) -> bytes:
    # As JSON: no two pairs are written the same.
    return json.dumps([VERSION, owner, key_id]).encode()


def _wrapping(kid: str, bound: bytes) -> bytes:
    return json.dumps(["wrap", kid]).encode() + bound


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise RefusedError("vault: a record does not open: not its owner's, or changed") from None


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
