import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.providers.llm import clean
from shared.providers.llm._offline_phrases import languages, speak
from shared.providers.llm._offline_telling import Telling

DIRTY = """Claro! Aqui está o roteiro do bloco 2:
## Bloco 2 - A virada
**Narrador (voz grave):** Era uma noite *fria* em _Lisboa_… [música sobe] Ninguém sabia \
(pausa dramática) o que viria. 🎬
- Primeiro, o silêncio.
1) Depois, o grito.
Em 2024 (segundo a polícia) custou R$ 3,50. Veja [o site](https://x.y/z).
---
CENA 3: praia
O fim [suspiro] chegou (risos)."""


def test_leaves_only_what_is_spoken() -> None:
    cleaned = clean(DIRTY)

    assert cleaned.text == (
        "Era uma noite fria em Lisboa… Ninguém sabia o que viria.\n"
        "Primeiro, o silêncio.\n"
        "Depois, o grito.\n"
        "Em 2024 (segundo a polícia) custou R$ 3,50. Veja o site.\n\n"
        "O fim chegou."
    )
    assert cleaned.stripped > 0.3


@pytest.mark.parametrize(
    "text",
    [
        "Texto limpo, com parênteses (normais) e um travessão — assim.",
        "— Você vem? — perguntou ela.\n\n— Vou.",
        "Il fait 25 °C : c'est l'été ! « Oui », dit-il.",
        "Claro, isso não é tudo: falta o mar.",
        "Here is the thing: nobody knew.",
        "Parte 2 da história começa agora, e ninguém esperava.",
        "Ela sabia C# e 3 + 4 = 7.",
        "今日は、「海」について。\n\n次に行きましょう。",
    ],
)
def test_leaves_a_clean_text_alone(text: str) -> None:
    cleaned = clean(text)

    assert cleaned.text == text
    assert cleaned.stripped == 0


@pytest.mark.parametrize("text", ["", "   ", "```", "[música]", "🎬"])
def test_may_leave_nothing(text: str) -> None:
    assert clean(text).text == ""


@pytest.mark.parametrize("language", languages())
def test_what_the_offline_writer_says_is_clean(language: str) -> None:
    text = Telling(speak(language), "Água", "").block(1, 1, 5000)

    assert clean(text).text == text


@given(st.text(alphabet="ab .,\n\t*_#[]()`-1>~é🎬:", max_size=300))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)

    assert clean(once.text).text == once.text
    assert 0 <= once.stripped <= 1


@given(st.text(max_size=300))
def test_never_adds_anything(text: str) -> None:
    assert len(clean(text).text) <= len(text) * 3
