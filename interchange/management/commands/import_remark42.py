"""`manage.py import_remark42`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from interchange.commands import ImportCommand
from interchange.records import Record
from interchange.sources import remark42


class Command(ImportCommand):
    help = "Brings in Remark42's backup: comments of articles that are here."
    kind = "remark42"
    endings = (".json", ".gz", ".backup")
    whole_site = False

    def records(
        self, streams: Sequence[Callable[[], BinaryIO]], place: Path, options: dict[str, Any],
        told: Callable[[int], None],
    ) -> Iterator[Record]:  # fmt: skip
        """What the export holds."""
        return remark42.read(streams, zone=options["zone"], told=told)
