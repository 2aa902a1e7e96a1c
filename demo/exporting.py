"""Archive format of the demo's table (see `authors.exporting`)."""

from __future__ import annotations

from core.archive import Table

TABLES: tuple[Table, ...] = ()
LEFT_OUT = {"demo.Loaded": "which rows are the demo's: in another site they have other numbers"}
