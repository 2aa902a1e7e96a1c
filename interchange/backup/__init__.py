"""Backups of database and pictures together, and back (docs/running/operations.md)."""

from interchange.backup.making import make
from interchange.backup.manifest import BackupError
from interchange.backup.restoring import restore, try_out

__all__ = ["BackupError", "make", "restore", "try_out"]
