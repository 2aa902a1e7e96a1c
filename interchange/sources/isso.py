"""Isso's database: comments by the path of their page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from interchange import dates
from interchange.records import Comment, Note, Record

_STATES = {1: "approved", 2: "pending", 4: "deleted"}


def read(file: Path) -> Iterator[Record]:
    """The comments of a database, which is opened for reading alone."""
    db = sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)
    try:
        # Old databases hold bytes that are no UTF-8.
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.row_factory = sqlite3.Row
        rows = db.execute(
            "SELECT c.*, t.uri AS uri FROM comments c LEFT JOIN threads t ON t.id = c.tid"
            " ORDER BY c.id"
        )
        for row in rows:
            found = dict(row)
            yield Comment(
                key=str(found["id"]),
                article="",
                address=str(found.get("uri") or ""),
                parent=str(found.get("parent") or ""),
                name=str(found.get("author") or ""),
                email=str(found.get("email") or ""),
                website=str(found.get("website") or ""),
                client=str(found.get("remote_addr") or ""),
                text=str(found.get("text") or ""),
                markup="markdown",
                state=_STATES.get(found.get("mode") or 1, "pending"),
                created_at=dates.from_seconds(found.get("created")),
                edited_at=dates.from_seconds(found.get("modified")),
            )
    except sqlite3.DatabaseError as error:
        yield Note("no export", str(error))
    finally:
        db.close()
