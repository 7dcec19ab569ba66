"""What was asked for in those days: titles in Portuguese, and who writes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.gateway.drafts import MOST_TITLES, MOST_VARIATIONS, BatchDraft, VariationDraft
from services.gateway.seeds import agents
from services.gateway.seeds.agents import AgenteConfig
from services.gateway.texts import Title
from shared.vocabulary import Mode

Variations = Annotated[
    int, Field(ge=1, le=MOST_VARIATIONS, description="How many tellings of each title.")
]


def renamed(pointer: str) -> str:
    """Return a pointer into a batch by the names of those days."""
    _, name, *rest = pointer.split("/")
    if name == "agent" and rest:
        return "/agente_config" + agents.renamed("/" + "/".join(rest))
    theirs = {"titles": "titulos", "languages": "agente_config/idiomas_alvo"}
    theirs["variations"] = "num_variacoes"
    return "/".join(["", theirs.get(name, name), *rest])


class TitleDraft(BaseModel):
    """One title."""

    model_config = ConfigDict(extra="ignore")

    titulo: Title = Field(examples=["O segredo das abelhas"])
    num_variacoes: Variations = 1
    agente_config: AgenteConfig = AgenteConfig()

    def draft(self) -> BatchDraft:
        """Return the batch that it is now."""
        return _draft([self.titulo], self.num_variacoes, self.agente_config)

    def renamed(self, pointer: str) -> str:
        """Return where in here a pointer into that batch leads."""
        return "/titulo" if pointer.startswith("/titles") else renamed(pointer)


class TitlesDraft(BaseModel):
    """Titles."""

    model_config = ConfigDict(extra="ignore")

    titulos: list[Title] = Field(
        min_length=1,
        max_length=MOST_TITLES,
        examples=[["O segredo das abelhas"]],
        json_schema_extra={"uniqueItems": True},
    )
    num_variacoes: Variations = 1
    agente_config: AgenteConfig = AgenteConfig()

    def draft(self) -> BatchDraft:
        """Return the batch that it is now."""
        return _draft(self.titulos, self.num_variacoes, self.agente_config)


def _draft(titles: list[str], variations: int, agent: AgenteConfig) -> BatchDraft:
    writer = agent.draft()
    return BatchDraft(
        mode=Mode.MATRIX,
        titles=titles,
        languages=writer.target_languages or [writer.language],
        variations=[VariationDraft()] * variations,
        agent=writer,
        name=titles[0][:200],
    )
