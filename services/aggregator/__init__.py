"""Folds every event into PostgreSQL, exactly once; expands, releases and announces batches.

Consumes batches.submitted, batches.control and everything that happens to jobs; publishes
jobs.requested, batches.progress and batches.completed.
"""
