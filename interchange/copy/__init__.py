"""A copy of the public site as plain files, that opens from a folder without a server."""

from interchange.copy.writing import CopyError, write

__all__ = ["CopyError", "write"]
