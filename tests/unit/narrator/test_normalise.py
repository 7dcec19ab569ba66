# ruff: noqa: RUF001 - the punctuation of every script is meant here

import time

import pytest

from services.narrator.normalise import spoken

SCRIPT = """Claro! Aqui está o roteiro do bloco 2:
## Bloco 2 – A virada
**Narrador (voz grave):** Era uma noite *fria* em _Lisboa_… [música sobe] Ninguém sabia.
- Primeiro, o silêncio (pausa dramática).
1) Depois, [pause long] o grito. 🎬
Em 2024 (segundo a polícia) custou R$ 3,50. Veja [o site](https://x.y/z).
---
CENA 3: praia
O fim [suspiro] chegou (risos)."""


def test_only_what_is_said_is_left_of_a_script() -> None:
    assert spoken(SCRIPT) == (
        "Era uma noite fria em Lisboa… Ninguém sabia.\n"
        "Primeiro, o silêncio.\n"
        "Depois, o grito.\n"
        "Em 2024 (segundo a polícia) custou R$ 3,50. Veja o site.\n\n"
        "O fim chegou."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Texto limpo, com parênteses (normais).",
        "Parte do grupo foi embora.",
        "The house (close to the sea) was sold (tomorrow, they said).",
        "A variável snake_case_name ficou.",
        "می‌خواهم بدانم.",
        "क्‍ष और हिन्दी।",
        "Estava a 25 °C.",
        "Um parágrafo.\n\nOutro parágrafo.",
        "Uma frase.\nOutra, na linha seguinte.",
    ],
)
def test_what_is_said_stays_as_it_is(text: str) -> None:
    assert spoken(text) == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("👩‍👩‍👧 família 🇧🇷 feliz 👍🏽", "família feliz"),
        ("Narrator: Hello.", "Hello."),
        ("ナレーター：こんにちは。", "こんにちは。"),
        ("旁白：你好。（音乐响起）", "你好。"),
        ("(Música ao fundo) Olá!", "Olá!"),
        ("```python\nprint()\n```\nOlá.", "Olá."),
        ("<b>Olá</b>, https://x.y/z mundo.", "Olá, mundo."),
        ("> Citado.", "Citado."),
        ("**Olá**, ***mundo***.", "Olá, mundo."),
        ("a\x00b\u00adc\ufeffd\u202ee", "abcde"),
        ("Olá\u00a0mundo \t !", "Olá mundo!"),
        ("Um.\r\n\r\n\r\n\r\nDois.", "Um.\n\nDois."),
        ("# Só um título", ""),
        (" \n\n ", ""),
    ],
)
def test_what_is_not_said_is_left_out(written: str, expected: str) -> None:
    assert spoken(written) == expected


@pytest.mark.parametrize(
    ("wrapped", "expected"),
    [
        ("Uma frase que\nfoi quebrada.", "Uma frase que foi quebrada."),
        ("これは長い\n文です。", "これは長い文です。"),
        ("안녕\n하세요.", "안녕 하세요."),
    ],
)
def test_lines_that_were_only_wrapped_are_joined(wrapped: str, expected: str) -> None:
    assert spoken(wrapped) == expected


def test_what_is_spoken_stays_the_same_when_it_is_normalised_again() -> None:
    assert spoken(spoken(SCRIPT)) == spoken(SCRIPT)


@pytest.mark.parametrize("nasty", ["[", "(", "*", "<a", "_a ", "`", "> ", "\n \n", "[a](", "- "])
def test_no_text_takes_for_ever(nasty: str) -> None:
    start = time.perf_counter()

    spoken(nasty * 30_000)

    assert time.perf_counter() - start < 3
