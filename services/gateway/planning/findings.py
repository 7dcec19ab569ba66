"""What is wrong with a request, gathered until all of it is known."""

from dataclasses import dataclass, field

from services.gateway.problems import MOST_ERRORS, FieldError, pointer


@dataclass(slots=True)
class Findings:
    """Every problem so far, in the order of the request."""

    errors: list[FieldError] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        """Return whether more would not be shown, so that looking for it is wasted."""
        return len(self.errors) >= MOST_ERRORS

    def add(self, detail: str, *where: str | int) -> None:
        """Note that the value at `where` is wrong, and what would be right."""
        self.errors.append(FieldError(pointer=pointer(where), detail=detail))
