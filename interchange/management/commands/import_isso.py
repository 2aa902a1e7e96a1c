"""`manage.py import_isso`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from interchange.commands import ImportCommand
from interchange.records import Record
from interchange.sources import isso


class Command(ImportCommand):
    help = "Brings in Isso's database: comments of articles that are here."
    kind = "isso"
    endings = (".db", ".sqlite", ".sqlite3")
    whole_site = False

    def records(
        self, streams: Sequence[Callable[[], BinaryIO]], place: Path, options: dict[str, Any],
        told: Callable[[int], None],
    ) -> Iterator[Record]:  # fmt: skip
        """What the export holds."""
        return isso.read(place)
