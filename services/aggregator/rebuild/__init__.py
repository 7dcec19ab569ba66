"""Makes all state of the aggregator again from the log: `python -m services.aggregator.rebuild`."""
