"""`manage.py export`: the whole site in a form that others can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interchange import archive
from interchange.files import in_words, whole_file


class Command(BaseCommand):
    help = "Writes the whole site to one file: an archive that loses nothing (docs/moving-out.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to write, and where."""
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="archive")
        whole = kinds.add_parser("archive", help="everything, for `manage.py import_archive`")
        whole.add_argument("file", type=Path)
        whole.add_argument(
            "--passwords", action="store_true", help="with the hashes of the accounts' passwords"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and tell what is in it; nothing half-written is left."""
        try:
            self._archive(**options)
        except OSError as error:
            raise CommandError(in_words(error)) from error

    def _archive(self, *, file: Path, passwords: bool, **_others: Any) -> None:
        with whole_file(file) as target:
            written = archive.write(target, passwords=passwords, progress=self._progress)
        for label, count in written.rows.items():
            self.stdout.write(f"{count:9,} {label}")
        self.stdout.write(f"{written.media:9,} files of pictures")
        for name in written.missing:
            self.stderr.write(f"The media folder lacks {name}.")
        self.stdout.write(f"{file} holds everything, personal data too: keep it private.")

    def _progress(self, what: str, count: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{what}: {count:,}".ljust(60), ending="")
            self.stderr.write("\r", ending="")
