"""The database as one file, and back: what the log cannot give again, or everything.

A file is a ZIP with a table in each entry, as PostgreSQL's COPY writes it, and a manifest that
says which schema it is of and what each entry must be.
"""

from shared.postgres.backup.manifest import BackupError, Manifest
from shared.postgres.backup.restoring import restore
from shared.postgres.backup.taking import back_up

__all__ = ["BackupError", "Manifest", "back_up", "restore"]
