"""`manage.py export`: the whole site in a form that others can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from authors.models import Author
from interchange.archive.writing import archive_write
from interchange.copy.writing import CopyError, copy_write
from interchange.files import fault_in_words, whole_file, whole_folder
from interchange.wordpress.wxr import wxr_write


class Command(BaseCommand):
    help = "Writes the site in a form that others can read (docs/moving/out.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to write, and where."""
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="archive|wordpress|html")
        whole = kinds.add_parser("archive", help="everything, for `manage.py import_archive`")
        whole.add_argument("file", type=Path)
        whole.add_argument(
            "--passwords", action="store_true", help="with the hashes of the accounts' passwords"
        )
        whole.set_defaults(write=self._archive)
        moving = kinds.add_parser("wordpress", help="a WXR file, for WordPress's importer")
        moving.add_argument("file", type=Path)
        moving.add_argument("--author", help="the articles of one author alone, by her slug")
        moving.add_argument(
            "--no-addresses", action="store_true", help="without anybody's e-mail address"
        )
        moving.set_defaults(write=self._wordpress)
        reading = kinds.add_parser("html", help="a copy to read, that opens without a server")
        reading.add_argument("folder", type=Path)
        reading.add_argument("--author", help="the articles of one author alone, by her slug")
        reading.set_defaults(write=self._html)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and tell what is in it; nothing half-written is left."""
        try:
            options["write"](**options)
        except CopyError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(fault_in_words(error)) from error

    def _archive(self, *, file: Path, passwords: bool, **_others: Any) -> None:
        with whole_file(file) as target:
            written = archive_write(target, passwords=passwords, progress=self._progress)
        for label, count in written.rows.items():
            self.stdout.write(f"{count:9,} {label}")
        self.stdout.write(f"{written.media:9,} files of pictures")
        for name in written.missing:
            self.stderr.write(f"The media folder lacks {name}.")
        self.stdout.write(f"{file} holds everything, personal data too: keep it private.")

    def _wordpress(
        self, *, file: Path, author: str | None, no_addresses: bool, **_others: Any
    ) -> None:
        person = _author(author)
        with whole_file(file) as target:
            count = wxr_write(
                target, author=person, addresses=not no_addresses, progress=self._progress
            )
        self.stdout.write(f"{file}: {count} articles with their conversations.")
        self.stdout.write("WordPress fetches the pictures from this site: keep it up until then.")

    def _html(self, *, folder: Path, author: str | None, **_others: Any) -> None:
        person = _author(author)
        with whole_folder(folder) as target:
            count = copy_write(target, author=person, progress=self._progress)
        self.stdout.write(f"{count} pages. Open {folder / 'index.html'} in a browser.")

    def _progress(self, what: str, count: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{what}: {count:,}".ljust(60), ending="")
            self.stderr.write("\r", ending="")


def _author(slug: str | None) -> Author | None:
    """The author of that slug; None for none named. Raises CommandError for an unknown one."""
    person = Author.objects.filter(slug=slug).first() if slug else None
    if slug and person is None:
        known = ", ".join(Author.objects.values_list("slug", flat=True))
        raise CommandError(f"There is no author {slug}. There are: {known}.")
    return person
