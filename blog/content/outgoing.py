"""The links of a text, each with the passage it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    ("p", "h2", "h3", "h4", "li", "blockquote", "figure", "pre", "td", "th", "hr", "table")
)
MOST_LINKS: Final = 300
"""Of one text; what comes after them is not looked at."""
LONGEST_PASSAGE: Final = 200
_AROUND: Final = 60
"""Characters of a passage before and after the words of the link."""


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as it stands in a text, and the words around it on one line."""

    href: str
    passage: str


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.text = ""
        # Address, and where its words begin and end in `text`.
        self.here: list[tuple[str, int, int]] = []
        self.open: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.settle()
        href = dict(attrs).get("href")
        if tag == "a" and href and len(self.found) + len(self.here) < MOST_LINKS:
            self.open = (href, len(self.text))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open is not None:
            self.here.append((*self.open, len(self.text)))
            self.open = None
        if tag in _BLOCKS:
            self.settle()

    def handle_data(self, data: str) -> None:
        self.text += data

    def settle(self) -> None:
        """The block ends: each of its links gets its passage."""
        for href, start, end in self.here:
            self.found.setdefault(href, _passage(self.text, start, end))
        self.text, self.here, self.open = "", [], None


def _passage(text: str, start: int, end: int) -> str:
    """The words of a link with some of what is around them, cut at spaces."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before, after = text[first:start], text[end:last]
    if first:
        before = "…" + before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0] + "…"
    found = " ".join((before + text[start:end] + after).split())
    return found if len(found) <= LONGEST_PASSAGE else found[: LONGEST_PASSAGE - 1] + "…"


def links_in(source: str) -> list[FoundLink]:
    """The links of a stored text, each address once."""
    parser = _Links()
    parser.feed(source)
    parser.close()
    parser.settle()
    return [FoundLink(href, passage) for href, passage in parser.found.items()]
