"""The text of finished HTML, a line for each block: what search reads, shows and quotes."""

from __future__ import annotations

import lxml.html

from core import html_bounds

_BLOCKS = frozenset(
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 header hr li ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
# Who made a picture is no part of the sentence before or behind.
_OWN_LINE = frozenset({"credit"})
# What the page says itself: the numbers of notes, their heading, their way back, a card's host.
_LEFT_OUT = frozenset({"note-ref", "card-host"})


def text_of(html: str) -> str:
    """The words of `html` with single spaces, each block on a line of its own.

    Migrations call it. Raises `html_bounds.Unreadable`.
    """
    parts: list[str] = []
    # A stack of our own: elements may nest deeper than calls may.
    waiting: list[lxml.html.HtmlElement | str | None] = [html_bounds.fragment(html, bare=True)]
    while waiting:
        found = waiting.pop()
        if found is None or isinstance(found, str):
            parts.append(found or "")
            continue
        kinds = frozenset((found.get("class") or "").split())
        if _is_left_out(found, kinds):
            continue
        edge = "\n" if found.tag in _BLOCKS or kinds & _OWN_LINE else ""
        inner: list[lxml.html.HtmlElement | str | None] = [edge, _flat(found.text)]
        for child in found:
            inner += (child, _flat(child.tail))
        waiting += reversed([*inner, edge])
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _is_left_out(element: lxml.html.HtmlElement, kinds: frozenset[str]) -> bool:
    return bool(
        kinds & _LEFT_OUT
        or element.get("role") == "doc-backlink"
        or element.get("id") == "notes-title"
    )


def _flat(text: str | None) -> str:
    """Line breaks of the markup are spaces."""
    return (text or "").replace("\n", " ").replace("\r", " ")
