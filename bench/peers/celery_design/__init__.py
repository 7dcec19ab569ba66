"""The usual design: a Celery task per job, over Redis, with counters in PostgreSQL.

Runs in an environment of its own; nothing of the product is imported here. It is as generous
to Celery as is honest: one database connection per worker process, no result back-end, no row
per step, canned text and sound that nobody has to join, master or encode.
"""
