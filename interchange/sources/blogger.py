"""Blogger's backup (Atom): posts, pages and comments in one list.

The old backup says by an element of its own what is a draft, and holds what was public besides;
the new one (Takeout) names the status of everything, trash and spam included. A status that is
not known here never makes anything public.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import BinaryIO
from urllib.parse import urlsplit

from interchange import dates
from interchange.items import whole_item
from interchange.records import Article, Comment, Note, Person, Record, Site, Tag, Tells
from interchange.sources import code, xmlstream
from interchange.sources.xmlstream import Faults, Node

_ENDING = re.compile(r"\.html?$")
_POST = re.compile(r"post-\d+$")
_PAGE_ADDRESS = re.compile(r"https?://[^/]+/p/")
_POST_NUMBER = re.compile(r"post-(\d+)$")


_KIND = "http://schemas.google.com/g/2005#kind"
_LABEL = "http://www.blogger.com/atom/ns#"
_BLOG = "tag:blogger.com,1999:blog-"
"""What the scheme of a label begins with in a backup of Takeout; the blog's number follows."""

_STATUSES = {"": "published", "live": "published", "scheduled": "published", "draft": "draft"}
_STATES = {
    "": "approved",
    "live": "approved",
    "pending_moderation": "pending",
    "spam_moderated": "spam",
    "spam": "spam",
    "emptied": "deleted",
}


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
    kind, status = _kind(node), node.get("blogger:status").lower()
    person = next(iter(node.all("author")), None)
    name = person.get("name") if person else ""
    if kind in ("post", "page"):
        if "trashed" in status or node.get("blogger:trashed"):
            yield Note("in the bin", node.get("title"))
            return
        if name:
            yield Person(key=name, name=name, website="")
        article = _article(node, kind, status, address, zone)
        for label in article.tags:
            yield Tag(label, label, "", (f"/search/label/{label}",))
        yield article
    elif kind == "comment":
        yield _comment(node, status, zone)


def _article(node: Node, kind: str, status: str, address: str, zone: datetime.tzinfo) -> Article:
    labels = [row.attributes.get("term", "") for row in node.all("category")
              if row.attributes.get("scheme", "") == _LABEL
              or row.attributes.get("scheme", "").startswith(_BLOG)]  # fmt: skip
    name = next((person.get("name") for person in node.all("author")), "")
    path = urlsplit(address).path or node.get("blogger:filename")
    title = node.get("title")
    known = _STATUSES.get(status)
    return Article(
        key=node.get("id"),
        title=title,
        slug=_ENDING.sub("", path.rpartition("/")[2]),
        kind="page" if kind == "page" else "article",
        authors=(name,) if name else (),
        tags=tuple(dict.fromkeys(filter(None, labels))),
        body=code.kept(node.raw("content")),
        status="draft" if known is None or _is_draft(node) else known,
        published_at=dates.parse(node.get("published"), zone),
        modified_at=dates.parse(node.get("updated"), zone),
        address=address or path,
        entry=node.get("id"),
        tells=() if known else (("unknown status", f"{title}: {status}"),),
    )


def _comment(node: Node, status: str, zone: datetime.tzinfo) -> Comment:
    key = node.get("id")
    above = next((row.attributes for row in node.all("thr:in-reply-to")), {})
    article = above.get("ref", "") or node.get("blogger:parent")
    if _PAGE_ADDRESS.match(above.get("href", "")):
        # Named as a post, though pages bear another name.
        article = _POST_NUMBER.sub(r"page-\1", article)
    parent = node.get("blogger:inReplyTo")
    if not parent and (related := _link(node, "related")):
        # The comment that it answers is named by its number alone.
        number = related.rstrip("/").rpartition("/")[2].partition("?")[0]
        parent = _POST.sub(f"post-{number}", key)
    person = next(iter(node.all("author")), None)
    state = _STATES.get(status, "pending")
    tells: Tells = () if status in _STATES else (("unknown state", f"{key}: {status}"),)
    return Comment(
        key=key,
        article=article,
        parent=parent if parent != key else "",
        name=person.get("name") if person else "",
        website=person.get("uri") if person else "",
        text=node.raw("content"),
        state=state,
        created_at=dates.parse(node.get("published"), zone),
        tells=tells,
    )


def _is_draft(node: Node) -> bool:
    return any(control.get("app:draft") == "yes" for control in node.all("app:control"))
