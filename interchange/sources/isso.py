"""Isso's database: comments by the path of their page."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from interchange import dates
from interchange.records import Comment, Note, Record, Site

_STATES = {1: "approved", 2: "pending", 4: "deleted"}


def read(file: Path) -> Iterator[Record]:
    """The comments of a database, which is opened for reading alone."""
    db = sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)
    try:
        # Old databases hold bytes that are no UTF-8.
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.row_factory = sqlite3.Row
        yield Site(name=_name(db))
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


def _name(db: sqlite3.Connection) -> str:
    """What tells this database from another: every one has a key of its own, told to nobody."""
    try:
        query = "SELECT value FROM preferences WHERE key = 'session-key'"
        row = db.execute(query).fetchone()
    except sqlite3.OperationalError:  # Of a time without it.
        row = None
    if row is None:
        row = db.execute("SELECT uri FROM threads ORDER BY id LIMIT 1").fetchone()
    text = str(row[0]) if row else ""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
