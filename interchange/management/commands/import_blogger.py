"""`manage.py import_blogger`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from interchange.commands import ImportCommand
from interchange.records import Record
from interchange.sources import blogger


class Command(ImportCommand):
    help = "Brings in Blogger's backup (Atom): posts, labels, comments."
    kind = "blogger"
    endings = (".xml", ".atom")

    def records(
        self, streams: Sequence[Callable[[], BinaryIO]], place: Path, options: dict[str, Any],
        told: Callable[[int], None],
    ) -> Iterator[Record]:  # fmt: skip
        """What the export holds."""
        return blogger.read(streams, zone=options["zone"], told=told)
