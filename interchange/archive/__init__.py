"""The site's own archive: everything in one file, and back (docs/moving/archive-format.md)."""
