"""Makes a result once, however many ask for it, in however many processes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.vocabulary import ArtefactRef

Make = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Artefact:
    """A result, and whether this call made it.

    Attributes:
        ref: Where it lies.
        fresh: True for the one caller whose `make` ran; only that one spent anything.
    """

    ref: ArtefactRef
    fresh: bool


class Artefacts:
    """The room: an object store as the truth, Redis as index and lease. An async context."""

    async def once(self, kind: str, fingerprint: str, make: Make, *, media_type: str) -> Artefact:
        """Return the result called `fingerprint`, making it if nobody has.

        Args:
            kind: The folder it lives in: "script", "adapted", "speech", "narration".
            fingerprint: From `shared.artefacts.fingerprint`.
            make: Called by at most one process at a time; returns the object's bytes.
            media_type: What the bytes are.

        Raises:
            UnavailableError: the store or Redis cannot be reached.
        """
        raise NotImplementedError

    async def put(self, kind: str, data: bytes, *, media_type: str) -> ArtefactRef:
        """Store bytes under their own hash: for parts of a result, and inputs worth sharing."""
        raise NotImplementedError

    async def get(self, ref: ArtefactRef) -> bytes:
        """Return an artefact's bytes.

        Raises:
            InvalidRequestError: there is no such object, or it is not the one meant.
        """
        raise NotImplementedError
