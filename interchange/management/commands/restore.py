"""`manage.py restore`: a backup back into the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from interchange.backup.manifest import BackupError, finished
from interchange.backup.restoring import backup_restore, backup_try_out


class Command(BaseCommand):
    help = "Puts a backup in the place of what the site holds (docs/running/operations.md)."
    # It is to work on a database without tables, too.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and how."""
        parser.add_argument(
            "backup", help="the folder of a backup, its name in BACKUP_DIR, or `latest`"
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="also when the site has content"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="prove the backup in a database of its own; the site stays as it is",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, or try out."""
        place = self._find(options["backup"])
        try:
            if options["dry_run"]:
                backup_try_out(place, say=self.stdout.write)
            else:
                backup_restore(place, overwrite=options["overwrite"], say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _find(self, name: str) -> Path:
        known = finished(Path(settings.BACKUP_DIR))
        if name == "latest" and known:
            return known[-1]
        for path in (Path(name), Path(settings.BACKUP_DIR) / name):
            if path.is_dir():
                return path.resolve()
        there = ", ".join(path.name for path in known) or "none"
        raise CommandError(f"There is no backup {name}. In {settings.BACKUP_DIR}: {there}.")
