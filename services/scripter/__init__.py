"""Writes the master script. Consumes jobs.requested; publishes script.generated."""
