"""Backups of database and pictures together, and back (docs/running/operations.md)."""
