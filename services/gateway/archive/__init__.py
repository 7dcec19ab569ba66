"""A batch as one ZIP: readable names, a manifest, and no more memory however large it is."""

from services.gateway.archive.contents import Archive

__all__ = ["Archive"]
