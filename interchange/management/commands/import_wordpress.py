"""`manage.py import_wordpress`: a WordPress site moves in."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from interchange.commands import ImportCommand
from interchange.records import Record
from interchange.sources import wordpress


class Command(ImportCommand):
    help = "Brings in WordPress's export (Tools → Export → All content): texts and comments."
    kind = "wordpress"
    endings = (".xml", ".wxr")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Beside what all share: post types of plugins."""
        super().add_arguments(parser)
        parser.add_argument(
            "--types", default="", help="post types of plugins that come in as articles: a,b"
        )

    def records(
        self, streams: Sequence[Callable[[], BinaryIO]], place: Path, options: dict[str, Any],
        told: Callable[[int], None],
    ) -> Iterator[Record]:  # fmt: skip
        """What the export holds."""
        types = [name for name in options["types"].split(",") if name]
        return wordpress.read(streams, zone=options["zone"], types=types, told=told)
