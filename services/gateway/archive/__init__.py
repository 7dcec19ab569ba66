"""A batch as one ZIP: readable names, a manifest, and no more memory however large it is."""
