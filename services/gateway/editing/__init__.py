"""Texts by a user's hand: read, changed, approved, refused; and narrated again."""

from services.gateway.editing.editor import Edited, Editor

__all__ = ["Edited", "Editor"]
