"""Remark42's backup: a line of JSON for each comment."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from interchange import dates
from interchange.items import whole_item
from interchange.records import Comment, Note, Record, Site

LONGEST = 2_000_000


def read(
    streams: Sequence[Callable[[], BinaryIO]],
    *,
    zone: datetime.tzinfo,
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """The comments of a backup, packed or not; lines that are no JSON are told of."""
    for start in streams:
        with start() as stream:
            head = stream.read(2)
        with start() as stream:
            count = 0
            try:
                with gzip.open(stream) if head == b"\x1f\x8b" else stream as lines:
                    for line in _lines(lines, told):
                        row = _row(line)
                        if row is None:
                            yield Note("unread", line[:80].decode("utf-8", "replace"))
                        elif row.get("id"):  # The first line describes the backup.
                            count += 1
                            if count == 1:
                                yield Site(name=_name(row))
                            yield from whole_item(partial(_comment, row, zone), str(row["id"]))
            except (OSError, EOFError) as error:
                yield Note("file: tail", str(error))
            if not count:
                yield Note("no export")


def _lines(stream: Any, told: Callable[[int], None]) -> Iterator[bytes]:
    """Lines, the last one too when it has no end; none longer than LONGEST is held."""
    rest, done = b"", 0
    while chunk := stream.read(1 << 16):
        done += len(chunk)
        told(done)
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > LONGEST:
            rest = b""
    if rest.strip():
        yield rest


def _row(line: bytes) -> dict[str, Any] | None:
    if not line.strip():
        return {}
    try:
        return _dict(json.loads(line.decode("utf-8", "replace")))
    except (ValueError, RecursionError):
        return None


def _comment(row: dict[str, Any], zone: datetime.tzinfo) -> Iterator[Record]:
    user, place = _dict(row.get("user")), _dict(row.get("locator"))
    text = str(row.get("orig") or "")
    state = "approved"
    if row.get("delete"):
        state = "deleted"
    yield Comment(
        key=str(row["id"]),
        article="",
        address=str(place.get("url") or ""),
        parent=str(row.get("pid") or ""),
        name=str(user.get("name") or ""),
        client="",
        text=text or str(row.get("text") or ""),
        markup="markdown" if text else "html",
        state=state,
        created_at=dates.parse(str(row.get("time") or ""), zone),
        edited_at=dates.parse(str(_dict(row.get("edit")).get("time") or ""), zone),
    )


def _name(row: dict[str, Any]) -> str:
    """What tells this backup from another: its site's name there, and the host of its pages."""
    place = _dict(row.get("locator"))
    try:
        host = urlsplit(str(place.get("url") or "")).netloc.lower()
    except ValueError:
        host = ""
    return f"{place.get('site') or ''}@{host}"[:150]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
