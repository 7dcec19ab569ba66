from hashlib import sha256

from pydantic import SecretStr

from shared.vendors.gemini.settings import GeminiSettings


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:8]


def test_keys_are_read_with_their_projects_each_once() -> None:
    settings = GeminiSettings(
        gemini_api_keys=SecretStr(" alpha:one , two,,alpha:one"), gemini_api_key=SecretStr("three")
    )

    found = [(key.project, key.secret.get_secret_value()) for key in settings.keys]

    assert found == [("alpha", "one"), (digest("two"), "two"), (digest("three"), "three")]


def test_a_key_does_not_show_in_a_representation() -> None:
    settings = GeminiSettings(gemini_api_keys=SecretStr("alpha:very-secret"))

    assert "very-secret" not in repr((settings, settings.keys))
