"""Backups of database and pictures together, and back (docs/operations.md)."""
