"""Articles and conversations as WordPress's own importer takes them."""

from interchange.wordpress.wxr import write

__all__ = ["write"]
