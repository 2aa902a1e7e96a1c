"""`manage.py import_markdown`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from interchange.commands import ImportCommand
from interchange.records import Record
from interchange.sources import markdown


class Command(ImportCommand):
    help = "Brings in a folder of Markdown files (Hugo, Jekyll, Pelican)."
    kind = "markdown"
    endings = (".md", ".markdown", ".mkd", ".mdown")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Beside what all share: where the site stood."""
        super().add_arguments(parser)
        parser.add_argument("--address", default="", help="where the site stood: https://...")

    def records(
        self, streams: Sequence[Callable[[], BinaryIO]], place: Path, options: dict[str, Any],
        told: Callable[[int], None],
    ) -> Iterator[Record]:  # fmt: skip
        """What the export holds."""
        return markdown.read(place, zone=options["zone"], address=options["address"])
