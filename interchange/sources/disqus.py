"""Disqus's export: comments by the address of their page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import BinaryIO

from interchange import dates
from interchange.items import whole_item
from interchange.records import Comment, Note, Record, Site
from interchange.sources import xmlstream
from interchange.sources.xmlstream import Faults

_TOPS = frozenset({"thread", "post", "category"})


def read(
    streams: Sequence[Callable[[], BinaryIO]],
    *,
    zone: datetime.tzinfo,
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """The comments of an export; threads stand before them and give the addresses."""
    addresses: dict[str, str] = {}
    forum = ""
    for start in streams:
        with start() as stream:
            faults = Faults()
            pieces = xmlstream.decoded(stream, faults, told)
            found = 0
            for node, _above in xmlstream.nodes(pieces, faults, tops=_TOPS):
                number = node.attributes.get("dsq:id", "")
                if not forum and (forum := node.get("forum")):
                    yield Site(name=forum[:150])
                if node.broken:
                    yield Note("cut off", node.get("title") or number)
                if node.name == "thread":
                    address = node.get("link") or node.get("id")
                    # The export names threads of no page too, such as a preview's.
                    addresses[number] = address
                    found += 1
                elif node.name == "post":
                    found += 1
                    if not number:
                        yield Note("comment without number", node.get("message")[:80])
                        continue
                    post = partial(_post, node, number, addresses, zone)
                    yield from whole_item(post, node.raw("message")[:80])
            for kind, count in faults.counts.items():
                yield Note(f"file: {kind}", f"{count} × {faults.examples[kind]}".strip(" ×"))
            if not found:
                yield Note("no export")


def _post(
    node: xmlstream.Node, number: str, addresses: dict[str, str], zone: datetime.tzinfo
) -> Iterator[Record]:
    thread = next((row.attributes.get("dsq:id", "") for row in node.all("thread")), "")
    above = next((row.attributes.get("dsq:id", "") for row in node.all("parent")), "")
    person = next(iter(node.all("author")), None)
    yield Comment(
        key=number,
        article="",
        address=addresses.get(thread, ""),
        parent=above,
        name=person.get("name") or person.get("username") if person else "",
        email=person.get("email") if person else "",
        client=node.get("ipAddress"),
        text=node.raw("message"),
        markup="html",
        state=_state(node),
        created_at=dates.parse(node.get("createdAt"), zone),
        alias=f"disqus:{number}",
    )


def _state(node: xmlstream.Node) -> str:
    if node.get("isSpam") == "true":
        return "spam"
    if node.get("isDeleted") == "true":
        return "deleted"
    return "pending" if node.get("isApproved") == "false" else "approved"
