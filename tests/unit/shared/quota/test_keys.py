from hashlib import sha256

from shared.quota import parse


def test_keys_of_one_project_share_it_and_others_stand_alone() -> None:
    alpha, also, alone = parse("alpha:one, alpha:two,, three ,alpha:one")

    assert (alpha.project, also.project) == ("alpha", "alpha")
    assert alone.project == alone.id == sha256(b"three").hexdigest()[:8]


def test_a_key_is_seen_only_as_its_digest() -> None:
    keys = parse("alpha:very-secret")

    assert "very-secret" not in f"{keys!r} {keys[0]} {keys[0].id}"


def test_a_project_without_a_key_is_no_key() -> None:
    assert parse("alpha:, ,") == ()
