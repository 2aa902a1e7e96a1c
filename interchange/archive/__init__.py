"""The site's own archive: everything in one file, and back (docs/moving/archive-format.md)."""

from interchange.archive.format import ArchiveError
from interchange.archive.reading import restore
from interchange.archive.writing import write

__all__ = ["ArchiveError", "restore", "write"]
