"""`manage.py import_disqus`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from interchange.commands import ImportCommand
from interchange.records import Record
from interchange.sources import disqus


class Command(ImportCommand):
    help = "Brings in Disqus's export: comments of articles that are here."
    kind = "disqus"
    endings = (".xml",)
    whole_site = False

    def records(
        self, streams: Sequence[Callable[[], BinaryIO]], place: Path, options: dict[str, Any],
        told: Callable[[int], None],
    ) -> Iterator[Record]:  # fmt: skip
        """What the export holds."""
        return disqus.read(streams, zone=options["zone"], told=told)
