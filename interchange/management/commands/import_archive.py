"""`manage.py import_archive`: a site's own archive into an empty site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authors.models import User
from interchange.archive.format import ArchiveError
from interchange.archive.reading import archive_restore
from interchange.files import fault_in_words


class Command(BaseCommand):
    help = "Puts an archive of `manage.py export archive` into this site, which must be empty."

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Store it whole or not at all, and tell what came."""
        try:
            written = archive_restore(options["file"])
        except ArchiveError as error:
            raise CommandError(f"{error} Nothing was stored.") from error
        except OSError as error:
            raise CommandError(fault_in_words(error)) from error
        for label, count in written.rows.items():
            self.stdout.write(f"{count:9,} {label}")
        self.stdout.write(f"{written.media:9,} files of pictures")
        for name in written.missing:
            self.stderr.write(f"The archive was made without {name}: it was missing there.")
        if not written.passwords:
            names = ", ".join(User.objects.order_by("pk").values_list("username", flat=True)[:10])
            self.stdout.write(
                f"The archive holds no passwords ({names}). Give one with `manage.py "
                "changepassword NAME`, or let them use “forgotten password”."
            )
