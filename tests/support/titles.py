"""Titles as people write them, each one new: nothing about it is in any store."""

import random

THINGS = [
    "farol",
    "moinho",
    "relógio",
    "mapa",
    "barco",
    "jardim",
    "segredo",
    "rio",
    "vento",
    "livro",
    "sino",
    "ponte",
]
KINDS = [
    "antigo",
    "azul",
    "perdido",
    "distante",
    "pequeno",
    "dourado",
    "escuro",
    "calado",
    "vermelho",
    "gelado",
]
PLACES = [
    "norte",
    "sul",
    "mar",
    "vale",
    "deserto",
    "porto",
    "monte",
    "lago",
    "bosque",
    "castelo",
    "mercado",
    "telhado",
]
TIMES = [
    "noite",
    "manhã",
    "guerra",
    "infância",
    "colheita",
    "chuva",
    "festa",
    "viagem",
    "tempestade",
    "espera",
]


def new_title() -> str:
    """Return a title nobody has used: one of 172,800."""
    choose = random.SystemRandom().choice
    first = f"O {choose(THINGS)} {choose(KINDS)} do {choose(PLACES)}"
    return f"{first} e o {choose(THINGS)} da {choose(TIMES)}"
