"""How fast it is, measured against a baseline in the same run."""
