"""Immutable results, addressed by the fingerprint of what made them.

A stage says *what determines the result* (`fingerprint`) and *how to make it* (a coroutine);
this room decides whether it must be made at all, and by whom.
"""

from shared.artefacts.fingerprint import fingerprint
from shared.artefacts.room import Artefact, Artefacts
from shared.artefacts.shelf import Shelf, Shelved

__all__ = ["Artefact", "Artefacts", "Shelf", "Shelved", "fingerprint"]
