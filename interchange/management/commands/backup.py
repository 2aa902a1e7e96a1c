"""`manage.py backup`: database and pictures, consistent with each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from interchange.backup.making import backup_make
from interchange.backup.manifest import BackupError


class Command(BaseCommand):
    help = "Makes a backup of database and pictures (docs/running/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, how many are kept, and whether it is tried out."""
        parser.add_argument(
            "--to", type=Path, default=Path(settings.BACKUP_DIR), help="the folder of the backups"
        )
        parser.add_argument("--keep", type=int, help="remove the oldest beyond so many")
        parser.add_argument(
            "--verify", action="store_true", help="restore it into a database of its own, compare"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; the exit status is 1 when there is none."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep takes a number from 1.")
        try:
            backup_make(
                options["to"].resolve(),
                keep=options["keep"],
                verify=options["verify"],
                say=self.stdout.write,
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
