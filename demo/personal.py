"""Personal data in the demo's table (see `authors.personal`)."""

from __future__ import annotations

from authors.personal import Free

KEPT = ()
_WHY = "numbers and digests of the made-up rows of the demo"
FREE = (Free("demo.Loaded", ("label", "columns", "rows"), _WHY),)
