"""The text of finished HTML, a line for each block: what search reads, shows and quotes."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html

from core import html_bounds

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    }
)
# Who made a picture is no part of the sentence before or behind.
_OWN_LINE = frozenset({"credit"})
# What the page says itself: the numbers of notes, their heading, their way back, a card's host.
_LEFT_OUT = frozenset({"note-ref", "card-host"})


_ENDS = (".", "?", "!", "…", ":")
_CLOSING = "\"'”’») "


def text_of(html: str) -> str:
    """The words of `html` with single spaces, each block on a line of its own.

    Migrations call it. Raises `html_bounds.Unreadable`.
    """
    root = html_bounds.fragment(html, bare=True)
    lines = (" ".join(line.split()) for line in "".join(_pieces(root)).split("\n"))
    return "\n".join(line for line in lines if line)


def sentences_of(text: str) -> str:
    """The lines of such a text that are sentences, as one; all of them when none is.

    Headings, captions and who made a picture would read as the beginning of what follows.
    """
    lines = text.split("\n")
    whole = [line for line in lines if line.rstrip(_CLOSING).endswith(_ENDS)]
    return " ".join(whole or lines)


def _pieces(element: lxml.html.HtmlElement) -> Iterator[str]:
    """The text in the order of the page; finished HTML is too shallow for this to be too deep."""
    kinds = frozenset((element.get("class") or "").split())
    if _is_left_out(element, kinds):
        return
    edge = "\n" if element.tag in _BLOCKS or kinds & _OWN_LINE else ""
    yield edge
    yield _flat(element.text)
    for child in element:
        yield from _pieces(child)
        yield _flat(child.tail)
    yield edge


def _is_left_out(element: lxml.html.HtmlElement, kinds: frozenset[str]) -> bool:
    return bool(
        kinds & _LEFT_OUT
        or element.get("role") == "doc-backlink"
        or element.get("id") == "notes-title"
    )


def _flat(text: str | None) -> str:
    """Line breaks of the markup are spaces."""
    return (text or "").replace("\n", " ").replace("\r", " ")
