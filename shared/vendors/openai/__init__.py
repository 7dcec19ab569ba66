"""Servers that speak OpenAI's API, as far as writing and speaking have it in common."""
