"""The site's own archive: everything in one file, and back (docs/archive-format.md)."""
