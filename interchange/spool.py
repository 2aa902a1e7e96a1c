"""Temporary SQLite file of the records of an import, so that memory use stays fixed.

Readers yield records in the order of their file; storing needs people before articles, articles
before comments, and every comment after the one it answers. The file also lets a run go on where
it stopped.
"""

from __future__ import annotations

import pickle
import sqlite3
from array import array
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

from interchange.records import Comment, Person, Picture, Record

_TABLES = """
CREATE TABLE record (
    n INTEGER PRIMARY KEY, kind TEXT, key TEXT, data BLOB, UNIQUE (kind, key)
);
CREATE TABLE alias (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE place (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE uploaded (article TEXT, key TEXT);
CREATE TABLE comment (
    n INTEGER PRIMARY KEY, key TEXT UNIQUE, article TEXT, parent TEXT, time REAL, ord INTEGER,
    loose TEXT, said INTEGER, data BLOB
);
CREATE INDEX said ON comment (article) WHERE said;
CREATE TABLE plan (
    key TEXT PRIMARY KEY, slug TEXT, path TEXT, number INTEGER
) WITHOUT ROWID;
CREATE TABLE lead (old TEXT PRIMARY KEY, path TEXT) WITHOUT ROWID;
"""
_VALUES = attrgetter(*Comment.__slots__)


class Spool:
    """Records by kind, and comments in the order in which they can be stored."""

    def __init__(self, file: Path) -> None:
        fresh = not file.exists()
        self.db = sqlite3.connect(file, isolation_level=None)
        # It can be read again from the export: no need to wait for the disk.
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                              "PRAGMA cache_size=-4000; PRAGMA temp_store=FILE;")  # fmt: skip
        if fresh:
            self.db.executescript(_TABLES)
        self.db.execute("BEGIN")

    def close(self) -> None:
        """Write everything down."""
        self.commit()
        self.db.close()

    def commit(self) -> None:
        """Write down what was added."""
        self.db.execute("COMMIT")
        self.db.execute("BEGIN")

    def add(self, record: Record) -> bool:
        """Add a record; False when one with its key exists."""
        if isinstance(record, Comment):
            time = record.created_at.timestamp() if record.created_at else None
            said = record.state in ("approved", "pending") and record.origin == "import"
            row: tuple[Any, ...] = (record.key, record.article, record.parent, time, said)
            added = self.db.execute(
                "INSERT OR IGNORE INTO comment (key, article, parent, time, said, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                # As a tuple: a dataclass with slots is pickled at five times the cost.
                (*row, pickle.dumps(_VALUES(record), 5)),
            )
            return added.rowcount == 1
        key = str(getattr(record, "key", ""))
        added = self.db.execute(
            "INSERT OR IGNORE INTO record (kind, key, data) VALUES (?, ?, ?)",
            (type(record).__name__, key, pickle.dumps(record, 5)),
        )
        if added.rowcount != 1:
            return False
        if isinstance(record, Person):
            for name in (record.key, *record.aliases):
                self._put("alias (name, key)", name.casefold(), record.key)
        elif isinstance(record, Picture):
            self._put("place (name, key)", record.place, record.key)
            if record.article:
                self._put("uploaded (article, key)", record.article, record.key)
        return True

    def _put(self, where: str, *values: str) -> None:
        marks = ", ".join("?" * len(values))
        self.db.execute(f"INSERT OR IGNORE INTO {where} VALUES ({marks})", values)  # noqa: S608

    def count(self, kind: str) -> int:
        """How many records there are of a kind (a class name of `records`)."""
        if kind == "Comment":
            return int(self.db.execute("SELECT count(*) FROM comment").fetchone()[0])
        query = "SELECT count(*) FROM record WHERE kind = ?"
        return int(self.db.execute(query, (kind,)).fetchone()[0])

    def of(self, kind: str, after: int = 0) -> Iterator[tuple[int, Any]]:
        """(number, record) of a kind, in the order of the file, after number `after`."""
        while True:
            query = "SELECT n, data FROM record WHERE kind = ? AND n > ? ORDER BY n LIMIT 20"
            rows = self.db.execute(query, (kind, after)).fetchall()
            if not rows:
                return
            for after, data in rows:
                yield after, pickle.loads(data)  # noqa: S301 - written by this class alone

    def get(self, kind: str, key: str) -> Any | None:
        """The record of that kind and key."""
        query = "SELECT data FROM record WHERE kind = ? AND key = ?"
        row = self.db.execute(query, (kind, key)).fetchone()
        return pickle.loads(row[0]) if row else None  # noqa: S301 - as above

    def person(self, name: str) -> str:
        """The key of the person who goes by that name; empty for nobody."""
        query = "SELECT key FROM alias WHERE name = ?"
        row = self.db.execute(query, (name.casefold(),)).fetchone()
        return str(row[0]) if row else ""

    def picture_at(self, place: str) -> str:
        """The key of the picture that stood at that address; empty for none."""
        row = self.db.execute("SELECT key FROM place WHERE name = ?", (place,)).fetchone()
        return str(row[0]) if row else ""

    def pictures_of(self, article: str) -> list[str]:
        """The keys of the pictures that came with an article."""
        query = "SELECT key FROM uploaded WHERE article = ? ORDER BY rowid"
        return [str(row[0]) for row in self.db.execute(query, (article,))]

    # -- what will stand where ------------------------------------------------------------------

    def plan(self, key: str, slug: str, path: str) -> None:
        """Remember the slug and path that an article will have."""
        self.db.execute(
            "INSERT OR REPLACE INTO plan (key, slug, path) VALUES (?, ?, ?)", (key, slug, path)
        )

    def planned(self, key: str) -> tuple[str, str] | None:
        """(slug, path) of an article."""
        row = self.db.execute("SELECT slug, path FROM plan WHERE key = ?", (key,)).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def slugs(self, stem: str, kind: str) -> set[str]:
        """The slugs that begin with `stem`, planned for keys that begin with `kind`."""
        query = "SELECT slug FROM plan WHERE slug >= ? AND slug < ? AND key GLOB ?"
        return {str(row[0]) for row in self.db.execute(query, (stem, stem + "\x7f", f"{kind}*"))}

    def lead(self, old: str, path: str) -> bool:
        """Remember where an old path leads; the first one stays. False: it led elsewhere."""
        added = self.db.execute("INSERT OR IGNORE INTO lead VALUES (?, ?)", (old, path))
        return added.rowcount == 1 or self.leads(old) == path

    def leads(self, old: str) -> str:
        """Where an old path leads; empty when it is not known."""
        row = self.db.execute("SELECT path FROM lead WHERE old = ?", (old,)).fetchone()
        return str(row[0]) if row else ""

    # -- comments in order ------------------------------------------------------------------------

    def arrange(self) -> None:
        """Give comments their order: by time, but none before the one it answers.

        Marks as loose what answers a comment under another article (`elsewhere`) or, in the end,
        itself (`circle`).
        """
        numbers, above, times = array("q"), array("q"), array("d")
        place: dict[int, int] = {}
        elsewhere: list[tuple[str, int]] = []
        # Whatever has no time comes first.
        query = (
            "SELECT c.n, p.n, c.time, c.article = p.article FROM comment c"
            " LEFT JOIN comment p ON p.key = c.parent AND c.parent <> '' ORDER BY c.n"
        )
        for number, parent, time, same in self.db.execute(query):
            place[number] = len(numbers)
            numbers.append(number)
            if parent is not None and not same:
                elsewhere.append(("elsewhere", number))
                parent = None
            above.append(parent or 0)
            times.append(time or 0)
        for i, parent in enumerate(above):
            above[i] = place[parent] if parent else -1
        place.clear()
        circles = _settle(above, times)
        levels = _levels(above)
        order = sorted(range(len(numbers)), key=lambda i: (times[i], levels[i], i))
        self.db.executemany(
            "UPDATE comment SET ord = ? WHERE n = ?",
            ((turn, numbers[i]) for turn, i in enumerate(order, start=1)),
        )
        loose = elsewhere + [("circle", numbers[i]) for i in circles]
        self.db.executemany("UPDATE comment SET loose = ? WHERE n = ?", loose)
        self.db.execute("CREATE INDEX IF NOT EXISTS comment_ord ON comment (ord)")
        self.commit()

    def has_comment(self, key: str) -> bool:
        """Whether there is a comment of that key."""
        query = "SELECT 1 FROM comment WHERE key = ?"
        return self.db.execute(query, (key,)).fetchone() is not None

    def is_commented(self, article: str) -> bool:
        """Whether readers said something under it that was shown or waits: no mention, no spam."""
        query = "SELECT 1 FROM comment WHERE article = ? AND said LIMIT 1"
        return self.db.execute(query, (article,)).fetchone() is not None

    def comments(self, after: int, most: int) -> list[tuple[int, str, Comment]]:
        """(order, loose, comment) of the next ones after order `after`."""
        query = "SELECT ord, loose, data FROM comment WHERE ord > ? ORDER BY ord LIMIT ?"
        return [
            (order, loose or "", Comment(*pickle.loads(data)))  # noqa: S301 - as above
            for order, loose, data in self.db.execute(query, (after, most))
        ]


def _settle(above: array[int], times: array[float]) -> list[int]:
    """Make no comment older than the one it answers; cut circles, and give where."""
    done = bytearray(len(above))  # 0: not seen, 1: on the way up, 2: settled
    cut: list[int] = []
    for start in range(len(above)):
        way: list[int] = []
        at = start
        while at >= 0 and not done[at]:
            done[at] = 1
            way.append(at)
            at = above[at]
        if at >= 0 and done[at] == 1:
            circle = way[way.index(at) :]
            first = min(circle, key=lambda i: (times[i], i))
            above[first] = -1
            cut.append(first)
            # From the cut downwards: the way is walked from its top.
            turn = circle.index(first)
            way = way[: way.index(at)] + circle[turn + 1 :] + circle[: turn + 1]
        for i in reversed(way):
            done[i] = 2
            if above[i] >= 0:
                times[i] = max(times[i], times[above[i]])
    return cut


def _levels(above: array[int]) -> array[int]:
    levels = array("q", [-1]) * len(above)
    for start in range(len(above)):
        way: list[int] = []
        at = start
        while at >= 0 and levels[at] < 0:
            way.append(at)
            at = above[at]
        level = levels[at] if at >= 0 else -1
        for i in reversed(way):
            level += 1
            levels[i] = level
    return levels
