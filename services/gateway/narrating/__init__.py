"""Texts that are finished already: asked for as a batch of rows, and waited for."""

from services.gateway.narrating.asking import NarrationDraft, TextDraft
from services.gateway.narrating.desk import Desk, Wish
from services.gateway.narrating.waiting import Told, Waiting

__all__ = ["Desk", "NarrationDraft", "TextDraft", "Told", "Waiting", "Wish"]
