"""`python -m cli` is `bolt`."""

from cli.main import app

app()
