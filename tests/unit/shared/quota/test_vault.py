import base64

import pytest
from pydantic import SecretStr

from shared.errors import InvalidRequestError, RefusedError
from shared.quota import vault
from shared.quota.vault import Settings, Vault

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
SECRET = SecretStr("AIza-very-secret")


def vault_of(*keks: str) -> Vault:
    return vault.create(Settings(keys_kek=SecretStr(",".join(keks))))


def test_its_owner_reads_what_was_sealed() -> None:
    kept = vault_of(OLD)

    record = kept.seal(SECRET, owner="ana", key_id="1")

    assert kept.open(record, owner="ana", key_id="1") == SECRET
    assert record.startswith("v1:old:")
    assert "very-secret" not in f"{record} {kept!r}"


def test_equal_secrets_are_sealed_differently() -> None:
    kept = vault_of(OLD)

    records = {kept.seal(SECRET, owner="ana", key_id="1") for _ in range(10)}

    assert len(records) == 10


@pytest.mark.parametrize(("owner", "key_id"), [("bob", "1"), ("ana", "2"), ("ana1", "")])
def test_moved_to_another_row_it_does_not_open(owner: str, key_id: str) -> None:
    kept = vault_of(OLD)
    record = kept.seal(SECRET, owner="ana", key_id="1")

    with pytest.raises(RefusedError, match="does not open"):
        kept.open(record, owner=owner, key_id=key_id)
    with pytest.raises(RefusedError, match="does not open"):
        kept.rotate(record, owner=owner, key_id=key_id)


def test_the_ciphertext_of_two_owners_cannot_be_swapped() -> None:
    kept = vault_of(OLD)
    ana, bob = (kept.seal(SECRET, owner=name, key_id="1").split(":") for name in ("ana", "bob"))

    for parts in ((*ana[:3], bob[3]), (*bob[:3], ana[3])):
        with pytest.raises(RefusedError):
            kept.open(":".join(parts), owner="ana", key_id="1")


@pytest.mark.parametrize("part", [2, 3])
def test_a_changed_byte_does_not_open(part: int) -> None:
    kept = vault_of(OLD)
    parts = kept.seal(SECRET, owner="ana", key_id="1").split(":")
    data = bytearray(base64.urlsafe_b64decode(parts[part]))
    data[-1] ^= 1
    parts[part] = base64.urlsafe_b64encode(bytes(data)).decode()

    with pytest.raises(RefusedError):
        kept.open(":".join(parts), owner="ana", key_id="1")


def test_rotated_it_opens_without_the_old_key() -> None:
    record = vault_of(OLD).seal(SECRET, owner="ana", key_id="1")

    rotated = vault_of(NEW, OLD).rotate(record, owner="ana", key_id="1")

    assert rotated.startswith("v1:new:")
    assert vault_of(NEW).open(rotated, owner="ana", key_id="1") == SECRET
    assert vault_of(NEW).rotate(rotated, owner="ana", key_id="1") == rotated
    with pytest.raises(RefusedError, match="no key 'old'"):
        vault_of(NEW).open(record, owner="ana", key_id="1")


@pytest.mark.parametrize("record", ["", "v2:old:a:b", "v1:old:a", "v1:old:a:b"])
def test_nonsense_does_not_open(record: str) -> None:
    with pytest.raises(RefusedError):
        vault_of(OLD).open(record, owner="ana", key_id="1")


@pytest.mark.parametrize("given", ["", "old:c2hvcnQ=", "old", "old:%%%", ":" + OLD[4:]])
def test_a_key_that_is_none_is_said_so_without_showing_it(given: str) -> None:
    with pytest.raises(InvalidRequestError, match="KEYS_KEK") as caught:
        vault_of(given)

    assert "c2hvcnQ" not in str(caught.value)
