"""What can move in: each kind of export with its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interchange import dates
from interchange.media import Named
from interchange.records import Record
from interchange.sources import blogger, disqus, ghost, isso, markdown, remark42, wordpress


@dataclass(frozen=True)
class Source:
    """How to read a kind of export."""

    name: str
    endings: tuple[str, ...]
    # Whether texts and pictures come, or comments of articles that are here alone.
    whole: bool = True
    # Whether the export leaves out where the site stood.
    placeless: bool = False


SOURCES = {
    "wordpress": Source("WordPress", (".xml", ".wxr")),
    "ghost": Source("Ghost", (".json",), placeless=True),
    "blogger": Source("Blogger", (".xml", ".atom")),
    "markdown": Source(
        "Markdown (Hugo, Jekyll, Pelican)", (".md", ".markdown", ".mkd", ".mdown"), placeless=True
    ),
    "disqus": Source("Disqus", (".xml",), whole=False),
    "isso": Source("Isso", (".db", ".sqlite", ".sqlite3"), whole=False),
    "remark42": Source("Remark42", (".json", ".gz", ".backup"), whole=False),
}


def records_of(
    kind: str,
    *,
    place: Path,
    files: Sequence[Named],
    chosen: Mapping[str, Any],
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """The records of an export of that kind; `chosen` is of `interchange.choices`."""
    zone, address = dates.zone_named(chosen["time_zone"]), chosen.get("address", "")
    openers = [opener for _name, opener in files]
    if kind == "wordpress":
        types = [name.strip() for name in chosen["types"].split(",") if name.strip()]
        return wordpress.read(openers, zone=zone, types=types, told=told)
    if kind == "ghost":
        return ghost.read(openers, zone=zone, address=address, told=told)
    if kind == "blogger":
        return blogger.read(openers, zone=zone, told=told)
    if kind == "markdown":
        return markdown.read(files, zone=zone, address=address, told=told)
    if kind == "disqus":
        return disqus.read(openers, zone=zone, told=told)
    if kind == "remark42":
        return remark42.read(openers, zone=zone, told=told)
    return isso.read(place)
