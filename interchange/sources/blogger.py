"""Blogger's backup (Atom): posts, pages and comments in one list."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import BinaryIO
from urllib.parse import urlsplit

from interchange import dates
from interchange.items import whole_item
from interchange.records import Article, Comment, Note, Person, Record, Site, Tag
from interchange.sources import xmlstream
from interchange.sources.xmlstream import Faults, Node

_ENDING = re.compile(r"\.html?$")
_POST = re.compile(r"post-\d+$")


_KIND = "http://schemas.google.com/g/2005#kind"
_LABEL = "http://www.blogger.com/atom/ns#"


def read(
    streams: Sequence[Callable[[], BinaryIO]],
    *,
    zone: datetime.tzinfo,
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """The records of a backup."""
    for start in streams:
        with start() as stream:
            faults = Faults()
            pieces = xmlstream.decoded(stream, faults, told)
            host, count = "", 0
            tops = frozenset({"entry"})
            for node, _above in xmlstream.nodes(pieces, faults, tops=tops):
                count += 1
                if node.broken:
                    yield Note("cut off", node.get("title"))
                address = _link(node, "alternate")
                if not host and (host := _host(address)):
                    yield Site(address=host)
                yield from whole_item(partial(_entry, node, address, zone), node.get("title"))
            for kind, number in faults.counts.items():
                yield Note(f"file: {kind}", f"{number} × {faults.examples[kind]}".strip(" ×"))
            if not count:
                yield Note("no export")


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _link(node: Node, rel: str) -> str:
    return next((row.attributes.get("href", "") for row in node.all("link")
                 if row.attributes.get("rel") == rel), "")  # fmt: skip


def _kind(node: Node) -> str:
    for row in node.all("category"):
        if row.attributes.get("scheme") == _KIND:
            return row.attributes.get("term", "").rpartition("#")[2]
    return node.get("blogger:type").lower()


def _entry(node: Node, address: str, zone: datetime.tzinfo) -> Iterator[Record]:
    kind, key = _kind(node), node.get("id")
    person = next(iter(node.all("author")), None)
    name = person.get("name") if person else ""
    published = dates.parse(node.get("published"), zone)
    draft = "draft" in (_control(node), node.get("blogger:status").lower())
    if kind in ("post", "page"):
        labels = [row.attributes.get("term", "") for row in node.all("category")
                  if row.attributes.get("scheme") == _LABEL]  # fmt: skip
        for label in labels:
            yield Tag(label, label, "", (f"/search/label/{label}",))
        if name:
            yield Person(key=name, name=name, website="")
        path = urlsplit(address).path or node.get("blogger:filename")
        yield Article(
            key=key,
            title=node.get("title"),
            slug=_ENDING.sub("", path.rpartition("/")[2]),
            kind="page" if kind == "page" else "article",
            authors=(name,) if name else (),
            tags=tuple(labels),
            body=node.raw("content"),
            status="draft" if draft else "published",
            published_at=published,
            modified_at=dates.parse(node.get("updated"), zone),
            address=address or path,
            entry=key,
        )
    elif kind == "comment":
        above = next((row.attributes for row in node.all("thr:in-reply-to")), {})
        related = _link(node, "related")
        parent = ""
        if related:
            # The comment that it answers is named by its number alone.
            number = related.rstrip("/").rpartition("/")[2].partition("?")[0]
            parent = _POST.sub(f"post-{number}", key)
        yield Comment(
            key=key,
            article=above.get("ref", "") or node.get("blogger:parent"),
            parent=parent if parent != key else "",
            name=name,
            website=person.get("uri") if person else "",
            text=node.raw("content"),
            state="approved",
            created_at=published,
        )


def _control(node: Node) -> str:
    for control in node.all("app:control"):
        if control.get("app:draft") == "yes":
            return "draft"
    return ""
