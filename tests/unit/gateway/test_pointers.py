from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.gateway import FakeGateway

WRITER = {"idioma": "pt-BR", "idiomas_alvo": ["pt-BR"]}
PT = "espeak:pt-BR"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/gerar-roteiro", {"titulo": " "}, "/titulo"),
        ("/batches/generate", {"titulos": ["A", "A"]}, "/titulos/1"),
        ("/gerar-roteiro", {"agente_config": {"idioma": "xx"}}, "/agente_config/idioma"),
        (
            "/batches/generate",
            {"titulos": ["A"], "agente_config": WRITER | {"idiomas_alvo": ["pt-BR", "xx"]}},
            "/agente_config/idiomas_alvo/1",
        ),
        (
            "/gerar-roteiro",
            {"agente_config": WRITER | {"default_voices": {"pt-BR": "nobody"}}},
            "/agente_config/default_voices/pt-BR",
        ),
        ("/me/agents", WRITER | {"idioma": "xx"}, "/idioma"),
        ("/me/agents", WRITER | {"idiomas_alvo": ["pt-BR", "xx"]}, "/idiomas_alvo/1"),
        ("/api/tts/generate-narration", {"text": "Olá", "language": "xx"}, "/language"),
        ("/api/tts/generate-narration", {"text": "Olá", "voice": "nobody"}, "/voice"),
        ("/v1/narrations", {"text": "Hi", "voice": PT, "language": "en-US"}, "/voice"),
        ("/v1/narrations", {"texts": ["Hi"], "voice": PT, "language": "xx"}, "/language"),
        (
            "/v1/narrations",
            {"texts": ["Hi", {"text": "Ho", "voice": PT, "language": "en-US"}]},
            "/texts/1/voice",
        ),
        ("/v1/narrations", {"texts": [{"text": "Ho", "language": "xx"}]}, "/texts/0/language"),
    ],
)
def test_an_error_names_the_field_as_it_was_sent(
    client: TestClient, gateway: FakeGateway, path: str, body: dict[str, Any], pointer: str
) -> None:
    if path == "/gerar-roteiro":
        body = {"titulo": "A"} | body

    answer = client.post(path, json=body)

    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert gateway.publisher.published == []
