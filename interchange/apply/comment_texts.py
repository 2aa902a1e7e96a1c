"""Texts of imported comments, made ready beside the thread that stores them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from comments.thread import markup
from interchange import items, records, words
from interchange.apply.base import digest_of


class Prepared(NamedTuple):
    """The text of a comment as it is stored, its markup, and the digest of the record."""

    source: str
    html: str
    digest: bytes


def prepare(batch: Sequence[records.Comment]) -> dict[str, Prepared]:
    """Texts of the comments in `batch`, by key.

    Asks the database nothing: a thread does it while the database stores the batch before.
    """
    prepared = {}
    for record in batch:
        # What fails here fails again where it is stored, and is reported there.
        with items.told(lambda _word, _example: None, record.name):
            source = cleaned(record)
            html = markup.render_clean(source, bounded=False)
            prepared[record.key] = Prepared(source, html, digest_of(record))
    return prepared


def cleaned(record: records.Comment) -> str:
    """The text of one comment as it is stored."""
    text = record.text[: words.LONGEST]
    if record.markup != "markdown":
        text = words.from_html(text, lines=record.markup == "lines")
    return markup.clean_source(text)
