"""A finished text as blocks, of which a mail's HTML and its plain text are made alike.

Mail programs know neither stylesheets nor relative addresses nor our pictures' formats; and what
the sanitiser left is rewritten nowhere. So the finished HTML is read into plain values, and
templates write them anew. Pure but for the settings' addresses.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings

from core import html_bounds

COLUMN: Final = 560
"""Pixels that a picture takes at the most."""
_SHARP = 1200
MOST_CHARACTERS: Final = 40_000
"""Mail programs cut off what is much longer; the rest is read on the site."""
MOST_NESTED: Final = 8
"""Quotes and lists within each other; what lies deeper stands at that depth."""
_MARKS: Final = {"strong": "bold", "em": "italic", "s": "struck", "code": "code"}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NOTE = re.compile(r"#fn-[0-9]{1,6}")
_BACK = re.compile(r"#fnref-[0-9]{1,6}")


@dataclass(frozen=True)
class Span:
    """Words of one look; `url` where they are a link."""

    text: str
    url: str = ""
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False

    @property
    def style(self) -> str:
        """What mail programs need of CSS for it."""
        found = []
        if self.bold:
            found.append("font-weight: bold")
        if self.italic:
            found.append("font-style: italic")
        if self.struck:
            found.append("text-decoration: line-through")
        if self.code:
            found.append("font-family: Consolas, Menlo, monospace")
        return "; ".join(found)


@dataclass(frozen=True)
class MailPicture:
    """A picture that mail programs can load: JPEG or PNG, by its full address."""

    src: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class MailBlock:
    """A part of a text; which fields say something depends on `kind`.

    "heading", "paragraph", "code", "rule", "picture", "quote", "list", "table".
    """

    kind: str
    runs: tuple[Span, ...] = ()
    # 2 to 4, of a heading.
    level: int = 0
    # Within a quote.
    blocks: tuple[MailBlock, ...] = ()
    # Of a list: each item's blocks.
    items: tuple[tuple[MailBlock, ...], ...] = ()
    ordered: bool = False
    start: int = 1
    # Of a table: whether a cell is a heading, and its words.
    rows: tuple[tuple[tuple[bool, tuple[Span, ...]], ...], ...] = ()
    picture: MailPicture | None = None

    @property
    def length(self) -> int:
        """Characters of its words."""
        inner = [*self.blocks, *(one for item in self.items for one in item)]
        cells = (run for row in self.rows for _head, runs in row for run in runs)
        return (
            sum(len(run.text) for run in (*self.runs, *cells))
            + sum(one.length for one in inner)
            + 1
        )

    @property
    def numbered(self) -> list[tuple[int, tuple[MailBlock, ...]]]:
        """A list's items with their numbers."""
        return list(enumerate(self.items, start=self.start))


@functools.lru_cache(maxsize=32)
def blocks_of(html: str, base: str, language: str) -> tuple[MailBlock, ...]:
    """The blocks of finished `html`, links made whole from the address `base`.

    `language` is the active one: it is part of what is remembered.
    """
    return tuple(_Reading(base).inside(html_bounds.fragment(html or "<p></p>")))


def shortened(blocks: tuple[MailBlock, ...]) -> tuple[tuple[MailBlock, ...], bool]:
    """As many whole blocks as a mail may hold, and whether some are missing."""
    length = 0
    for number, block in enumerate(blocks):
        length += block.length
        if length > MOST_CHARACTERS and number:
            return blocks[:number], True
    return blocks, False


def picture_of(image: Any) -> MailPicture | None:
    """A picture of the library for a mail; None where it has no rendition for that."""
    kinds = {row["format"] for row in image.renditions}
    kind = "jpeg" if "jpeg" in kinds else "png"
    rows = [(row["width"], row["height"], settings.MEDIA_URL + row["name"])
            for row in image.renditions if row["format"] == kind]  # fmt: skip
    return _fitting(rows, image.alt) if rows else None


def _fitting(rows: list[tuple[int, int, str]], alt: str) -> MailPicture:
    """The rendition that is sharp enough, in the size in which a mail shows it."""
    enough = [row for row in sorted(rows) if row[0] >= _SHARP]
    width, height, url = enough[0] if enough else max(rows)
    shown = min(width, COLUMN)
    return MailPicture(urljoin(settings.SITE_URL, url), shown, round(height * shown / width), alt)


@dataclass
class _Reading:
    """Reads one text."""

    base: str
    marks: Span = field(default_factory=lambda: Span(""))
    depth: int = 0

    def inside(self, element: Any) -> Iterator[MailBlock]:
        """The blocks in an element; loose words and marks are paragraphs."""
        loose: list[Span] = list(self._words(element.text, self.marks))
        for child in element:
            found = list(self.block(child))
            if found:
                yield from _paragraph(loose)
                loose = []
                yield from found
            else:
                loose += self.runs(child, self.marks)
            loose += self._words(child.tail, self.marks)
        yield from _paragraph(loose)

    def block(self, element: Any) -> Iterator[MailBlock]:
        """The blocks that an element is; none for one that stands among words."""
        tag = element.tag
        if tag == "p":
            yield from _paragraph(self._inner(element, self.marks))
        elif tag in ("h2", "h3", "h4"):
            yield MailBlock("heading", tuple(self._inner(element, self.marks)), level=int(tag[1]))
        elif tag in ("blockquote", "ul", "ol", "li") and self.depth == MOST_NESTED:
            yield from self.inside(element)
        elif tag == "blockquote":
            yield MailBlock("quote", blocks=tuple(self._deeper(element)))
        elif tag in ("ul", "ol"):
            start = element.get("start") or "1"
            yield MailBlock(
                "list",
                items=tuple(tuple(self._deeper(item)) for item in element if item.tag == "li"),
                ordered=tag == "ol",
                start=int(start) if start.isascii() and start.isdigit() else 1,
            )
        elif tag == "pre":
            yield MailBlock("code", (Span(element.text_content()),))
        elif tag == "hr":
            yield MailBlock("rule")
        elif tag == "figure":
            yield from self._figure(element)
        elif tag == "table":
            yield MailBlock("table", rows=tuple(self._rows(element)))
        elif tag in ("div", "section"):
            yield from self.inside(element)

    def _deeper(self, element: Any) -> Iterator[MailBlock]:
        self.depth += 1
        yield from self.inside(element)
        self.depth -= 1

    def _figure(self, figure: Any) -> Iterator[MailBlock]:
        caption = next(figure.iter("figcaption"), None)
        images = list(figure.iter("img"))
        for image in images:
            picture = self._picture(image)
            yield MailBlock("picture", picture=picture)
        if caption is not None:
            runs = self._inner(caption, replace(self.marks, italic=True))
            yield from _paragraph(runs)
        elif not images:
            yield from self.inside(figure)

    def _picture(self, image: Any) -> MailPicture:
        width, height = int(image.get("width") or 1), int(image.get("height") or 1)
        rows = []
        for part in (image.get("srcset") or "").split(","):
            url, _space, size = part.strip().partition(" ")
            if url and size[:-1].isascii() and size[:-1].isdigit():
                rows.append((int(size[:-1]), round(height * int(size[:-1]) / width), url))
        return _fitting(rows or [(width, height, image.get("src") or "")], image.get("alt") or "")

    def _rows(self, table: Any) -> Iterator[tuple[tuple[bool, tuple[Span, ...]], ...]]:
        for row in table.iter("tr"):
            yield tuple(
                (cell.tag == "th", tuple(_trimmed(self._inner(cell, self.marks))))
                for cell in row
                if cell.tag in ("td", "th")
            )

    # -- words ------------------------------------------------------------------------------------

    def _inner(self, element: Any, marks: Span) -> list[Span]:
        found = list(self._words(element.text, marks))
        for child in element:
            found += self.runs(child, marks)
            found += self._words(child.tail, marks)
        return found

    def runs(self, element: Any, marks: Span) -> list[Span]:
        """The words of an element that stands among words."""
        tag = element.tag
        if tag == "br":
            return [replace(marks, text="\n")]
        if tag in _MARKS:
            marked: dict[str, Any] = {_MARKS[tag]: True}
            marks = replace(marks, **marked)
        if tag == "a":
            href = element.get("href") or ""
            if _BACK.fullmatch(href):
                return []
            if _NOTE.fullmatch(href):
                return [replace(marks, text=f"[{element.text_content().strip()}]")]
            marks = replace(marks, url=self._address(href))
        if tag == "small":
            return [replace(marks, text=" "), *self._inner(element, marks)]
        return self._inner(element, marks)

    def _words(self, text: str | None, marks: Span) -> Iterator[Span]:
        if text:
            yield replace(marks, text=_SPACES.sub(" ", text))

    def _address(self, href: str) -> str:
        return urljoin(self.base, href) if href else ""


def _trimmed(runs: list[Span]) -> list[Span]:
    """Without the spaces that HTML does not show at both ends."""
    while runs and not runs[0].text.strip(" "):
        runs = runs[1:]
    while runs and not runs[-1].text.strip(" "):
        runs = runs[:-1]
    if runs:
        runs = [replace(runs[0], text=runs[0].text.lstrip(" ")), *runs[1:]]
        runs = [*runs[:-1], replace(runs[-1], text=runs[-1].text.rstrip(" "))]
    return runs


def _paragraph(runs: list[Span]) -> Iterator[MailBlock]:
    """A paragraph, unless nothing is in it."""
    trimmed = _trimmed(runs)
    if trimmed:
        yield MailBlock("paragraph", tuple(trimmed))


# -- plain text -----------------------------------------------------------------------------------


def as_text(blocks: tuple[MailBlock, ...]) -> str:
    """The same in plain text: everything that the HTML says, addresses and pictures included."""
    return "\n\n".join(filter(None, (_text_of(block) for block in blocks)))


def _text_of(block: MailBlock) -> str:
    if block.kind == "quote":
        return _led(as_text(block.blocks), "> ")
    if block.kind == "list":
        lines = []
        for number, item in block.numbered:
            mark = f"{number}. " if block.ordered else "- "
            lines.append(_led(as_text(item), " " * len(mark), mark))
        return "\n".join(lines)
    if block.kind == "table":
        return "\n".join(" | ".join(_line(runs) for _head, runs in row) for row in block.rows)
    if block.kind == "rule":
        return "* * *"
    if block.kind == "picture" and block.picture is not None:
        return f"[{block.picture.alt}]" if block.picture.alt else ""
    text = _line(block.runs)
    return text.upper() if block.kind == "heading" and block.level == 2 else text


def _led(text: str, lead: str, first: str = "") -> str:
    """Every line behind `lead`, the first behind `first` where that is given."""
    lines = text.split("\n")
    led = [f"{lead}{line}".rstrip() for line in lines]
    return "\n".join([f"{first}{lines[0]}", *led[1:]]) if first else "\n".join(led)


def _line(runs: tuple[Span, ...]) -> str:
    """Words with the address behind those that are a link, unless they are it."""
    found = []
    for number, run in enumerate(runs):
        found.append(run.text)
        ends = number + 1 == len(runs) or runs[number + 1].url != run.url
        if run.url and ends and run.url != run.text:
            found.append(f" ({run.url})")
    return "".join(found)
