"""Lines and blanks of pasted HTML: lines stay apart, and nothing empty stays."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement as Element

from core import html_bounds

BLOCKS: Final = {
    *("p", "div", "ul", "ol", "li", "table", "tbody", "thead", "tr", "td", "th", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "figure", "hr", "section", "article"),
}
# What browsers lay out as a box, and articles do not hold: a line of its own is what is left of it.
_BOXES: Final = {
    *("section", "article", "header", "footer", "main", "aside", "nav", "address", "center"),
    *("dl", "dd", "dt", "figcaption", "caption", "details", "summary", "form", "fieldset"),
}
_LINES: Final = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "pre")
_BLANK: Final = " \t\r\n\u00a0"
_BLANKS = re.compile(r"[ \t\r\n\u00a0]{2,}|[ \t\r\n]")
_AS_BLOCK = re.compile(r"display\s{0,9}:\s{0,9}block", re.IGNORECASE)


def boxes(root: Element) -> None:
    """Make boxes of other names `<div>`, a term that is defined a bold line, a span that is laid
    out as a block a line of its own."""
    for element in list(root.iterdescendants()):
        if element.tag == "dt":
            strong = root.makeelement("strong")
            strong.text, element.text = element.text, None
            strong.extend(list(element))
            element.append(strong)
        elif element.tag == "caption":
            table = next(element.iterancestors("table"), None)
            if table is not None:  # Above its table.
                element.drop_tree() if element.tail and element.tail.strip() else _take(element)
                table.addprevious(element)
        if element.tag in _BOXES:
            element.tag = "div"
        elif element.tag == "span" and _is_line(element):
            element.tag = "div"
            if not element.text_content().strip(_BLANK) and not len(element):
                # An empty line between two paragraphs.
                element.text = None
                element.tag = "p"


def _is_line(span: Element) -> bool:
    """Whether it is laid out as a block, and not within a paragraph or an item."""
    is_block = _AS_BLOCK.search(span.get("style") or "") is not None
    return is_block and next(span.iterancestors(*_LINES), None) is None


def _take(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def separate(root: Element) -> None:
    """Paragraphs for text that stands in `<div>`s and between line breaks, as in mail and chat.

    A few words without any line of their own stay as they are: they are pasted into a line.
    """
    dropped: list[Element] = []
    outermost = {root}
    for box in list(root.iter("div")):
        if box is root:
            continue
        if any(child.tag in BLOCKS for child in box.iterdescendants()):
            if box.getparent() in outermost:
                outermost.add(box)
                # Its first and last words do not run on into what stands beside it.
                for _line in range(2):
                    box.addprevious(box.makeelement("br"))
                    etree.SubElement(box, "br")
            dropped.append(box)
        else:
            box.tag = "p"
    html_bounds.unwrap(root, dropped)
    if any(child.tag in BLOCKS or child.tag == "br" for child in root):
        _paragraphs(root)


def _paragraphs(root: Element) -> None:
    """Put what stands loose in `root` into paragraphs: one break is a line, two are a new one."""
    pieces: list[str | Element] = [root.text or ""]
    for child in root:
        pieces += [child, child.tail or ""]
        child.tail = None
    root.text, root[:] = None, []
    paragraph: Element | None = None
    # The last child of the paragraph is kept in hand: lxml counts children one by one.
    last: Element | None = None
    breaks = 0
    for piece in pieces:
        if not isinstance(piece, str) and piece.tag in BLOCKS:
            root.append(piece)
            paragraph, breaks = None, 0
        elif not isinstance(piece, str) and piece.tag == "br":
            breaks += 1
        elif isinstance(piece, str) and not piece.strip(_BLANK):
            if paragraph is not None and not breaks and piece:
                last = _add(paragraph, last, " ")
        else:
            if paragraph is None or breaks > 1:
                paragraph, last = etree.SubElement(root, "p"), None
            elif breaks:
                last = etree.SubElement(paragraph, "br")
            breaks = 0
            last = _add(paragraph, last, piece)


def _add(paragraph: Element, last: Element | None, piece: str | Element) -> Element | None:
    """Put a piece at the end of a paragraph whose last child is `last`; gives the last then."""
    if not isinstance(piece, str):
        paragraph.append(piece)
        return piece
    if last is not None:
        last.tail = (last.tail or "") + piece
    else:
        paragraph.text = (paragraph.text or "") + piece
    return last


def tidy(root: Element) -> None:
    """Single spaces, none beside a block, and nothing that is empty; `<pre>` stays as it is."""
    _whitespace(root)
    _drop_empty(root)


def _whitespace(root: Element) -> None:
    for element in root.iter():
        if element.tag == "pre" or next(element.iterancestors("pre"), None) is not None:
            continue
        element.text = _spaced(element.text)
        if element.tag in BLOCKS and element.text:
            element.text = element.text.lstrip(" \u00a0") or None
        element.tail = _spaced(element.tail) if element is not root else None
    # An editor makes an empty paragraph of a blank between two blocks.
    for element in root.iter(*BLOCKS):
        if element is root:
            continue
        if element.tail and not element.tail.strip(_BLANK):
            element.tail = None
        before = element.getprevious()
        if before is not None and before.tail and not before.tail.strip(_BLANK):
            before.tail = None


def _spaced(text: str | None) -> str | None:
    if not text:
        return text
    return _BLANKS.sub(" ", text)


def _drop_empty(root: Element) -> None:
    for element in reversed(list(root.iterdescendants())):
        lines = element.tag in ("p", "li") and all(child.tag == "br" for child in element)
        if lines and not element.text_content().strip(_BLANK):
            element.drop_tree()
            continue
        kept = element.tag in ("br", "hr", "td", "th", "img") or len(element)
        if not kept and not (element.text or "").strip(_BLANK):
            if element.text and element.tag not in BLOCKS:
                element.tail = element.text + (element.tail or "")
            element.drop_tree()
