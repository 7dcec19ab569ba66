"""Run with: python -m services.aggregator.rebuild [--check]."""

from services.aggregator.rebuild.command import main

main()
