"""Isso's database: comments by the path of their page."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

from interchange import dates
from interchange.items import whole_item
from interchange.records import Comment, Note, Record, Site

_STATES = {1: "approved", 2: "pending", 4: "deleted"}


LARGEST = 1_000_000
"""Bytes of a value or a statement that SQLite takes; Isso's comments are shorter."""
_HTML = re.compile(r"\s*<(?:p|div|ul|ol|blockquote|pre|h[1-6])\b[^<>]*>", re.IGNORECASE)
MOST_STEPS = 2_000_000
"""Steps of SQLite's machine for one row; a table needs some tens."""
_READ = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_TRANSACTION}


def read(file: Path) -> Iterator[Record]:
    """The comments of a database, which is opened for reading alone.

    Only real tables are read: views, triggers and generated columns are programs of whoever made
    the file, and a row that takes too many steps ends the reading, which is told.
    """
    db = sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)
    steps = _Steps()
    try:
        # Old databases hold bytes that are no UTF-8.
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.row_factory = sqlite3.Row
        for what in (sqlite3.SQLITE_LIMIT_LENGTH, sqlite3.SQLITE_LIMIT_SQL_LENGTH):
            db.setlimit(what, LARGEST)
        db.set_progress_handler(steps.one_more, 1_000)
        db.execute("PRAGMA trusted_schema = OFF")
        for name in ("comments", "threads", "preferences"):
            # "preferences" came later; as a view it is left unread below.
            if not _is_table(db, name) and name != "preferences":
                yield Note("no export", name)
                return
        yield Site(name=_name(db))
        db.set_authorizer(_allowed)
        addresses = {str(row[0]): str(row[1] or "") for row in _each(
            db.execute("SELECT id, uri FROM threads"), steps)}  # fmt: skip
        for row in _each(db.execute("SELECT * FROM comments ORDER BY id"), steps):
            found = dict(row)
            address = addresses.get(str(found.get("tid")), "")
            yield from whole_item(partial(_comment, found, address), str(found.get("id")))
    except sqlite3.DatabaseError as error:
        yield Note("no export", str(error))
    finally:
        db.close()


class _Steps:
    """Counts what one row costs; SQLite stops when it is told so."""

    def __init__(self) -> None:
        self.left = MOST_STEPS // 1_000

    def one_more(self) -> int:
        self.left -= 1
        return int(self.left < 0)


def _each(rows: sqlite3.Cursor, steps: _Steps) -> Iterator[sqlite3.Row]:
    for row in rows:
        # Sorting is done before the first row; every row has its own steps.
        steps.left = MOST_STEPS // 1_000
        yield row


def _is_table(db: sqlite3.Connection, name: str) -> bool:
    """Whether `name` is a table with plain columns: no view, no virtual table, nothing computed."""
    row = db.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ? COLLATE NOCASE", [name]
    ).fetchone()
    if row is None or row[0] != "table" or str(row[1] or "").upper().startswith("CREATE VIRTUAL"):
        return False
    columns = db.execute("SELECT hidden FROM pragma_table_xinfo(?)", [name])
    return all(hidden == 0 for (hidden,) in columns)


def _allowed(action: int, *_what: object) -> int:
    return sqlite3.SQLITE_OK if action in _READ else sqlite3.SQLITE_DENY


def _comment(found: dict[str, object], address: str) -> Iterator[Record]:
    mode, text = found.get("mode"), str(found.get("text") or "")
    yield Comment(
        key=str(found["id"]),
        article="",
        address=address,
        parent=str(found.get("parent") or ""),
        name=str(found.get("author") or ""),
        email=str(found.get("email") or ""),
        website=str(found.get("website") or ""),
        client=str(found.get("remote_addr") or ""),
        text=text,
        # Typed as Markdown; programs that filled Isso's table wrote HTML.
        markup="html" if _HTML.match(text) else "markdown",
        state=_STATES.get(mode if isinstance(mode, int) and mode else 1, "pending"),
        created_at=dates.from_seconds(found.get("created")),
        edited_at=dates.from_seconds(found.get("modified")),
    )


def _name(db: sqlite3.Connection) -> str:
    """What tells this database from another: every one has a key of its own, told to nobody."""
    try:
        if not _is_table(db, "preferences"):
            raise sqlite3.OperationalError
        query = "SELECT value FROM preferences WHERE key = 'session-key'"
        row = db.execute(query).fetchone()
    except sqlite3.DatabaseError:  # Of a time without it.
        row = None
    if row is None:
        row = db.execute("SELECT uri FROM threads ORDER BY id LIMIT 1").fetchone()
    text = str(row[0]) if row else ""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
