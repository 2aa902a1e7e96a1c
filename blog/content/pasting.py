"""Converts clipboard HTML of word processors into article HTML.

Word, Outlook, Google Docs and LibreOffice write lists as paragraphs, notes as links, bold as
styles. This gives the structure back and lets the looks go. `blog.content.sanitiser.clean` comes
last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

import lxml.html
from django.utils.html import escape
from lxml import etree
from lxml.html import HtmlElement as Element

from blog.content import pasted_lines, sanitiser
from blog.content.pasted_lines import BLOCKS
from core import html_bounds

_GONE: Final = {"style", "script", "xml", "meta", "link", "title", "head", "del", "colgroup"}
_RENAMED: Final = {"b": "strong", "i": "em", "strike": "s", "h5": "h4", "h6": "h4"}
_NOTE: Final = re.compile(r"#(_ftn\d+|_edn\d+|ftnt\d+|sd(?:foot|end)note\d+sym)")
_MARKER: Final = re.compile(r"^\s*(?:[·•o§▪‣◦–-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,6})[.)])\s+")
_FIRST: Final = re.compile(r"^\W?(\d{1,3})[.)]")
_NUMBER: Final = re.compile(r"^\W?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,6})[.)]")
_MONO: Final = re.compile(r"consolas|courier|menlo|monospace", re.IGNORECASE)
# A comment without an end goes on to the end, as in a browser; nothing else reaches over a "<":
# what has no end is looked for once.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_BODY = re.compile(r"<body[^<>]*>", re.IGNORECASE)
_BODY_END = re.compile(r"</body", re.IGNORECASE)
_OFFICE = re.compile(r"</?(?:o|w|m|v|st1):[^<>]*>")
_NOTE_ID = re.compile(r"(ftn|edn)\d+|sd(foot|end)note\d+")
_DIGIT = re.compile(r"[1-9]")
_LEVEL = re.compile(r"level(\d)")


@dataclass(frozen=True)
class Pasted:
    """Clean HTML, and how many pictures were left out: those come from the library."""

    html: str
    pictures: int


def clean_pasted(html: str) -> Pasted:
    """Article HTML from pasted HTML. Raises `body.TooLarge` and `bounds.Unreadable`."""
    html = _without_wrapping(html)
    sanitiser.bounded(html)
    root = html_bounds.fragment(html)
    _drop_rubbish(root)
    pasted_lines.boxes(root)
    pictures = _drop_pictures(root)
    _notes(root)
    _word_lists(root)
    _online_lists(root)
    _paragraph_styles(root)
    _headings(root)
    _inline_styles(root)
    _links(root)
    _nested_lists(root)
    _tables(root)
    pasted_lines.separate(root)
    pasted_lines.tidy(root)
    inner = str(escape(root.text or "")) + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in root
    )
    return Pasted(sanitiser.clean(inner), pictures)


def _without_wrapping(html: str) -> str:
    """The body alone, without comments, conditions and declarations."""
    html = html_bounds.fit(html)
    html = _DECLARATION.sub("", _COMMENT.sub("", html))
    start = _BODY.search(html)
    if start:
        html = html[start.end() :]
    end = _BODY_END.search(html)
    html = html[: end.start()] if end else html
    # Word's own elements: an empty paragraph mark, fields, drawings.
    return _OFFICE.sub("", html)


def _style(element: Element) -> dict[str, str]:
    """The declarations of an element's style, names and values in small letters."""
    found = {}
    for part in (element.get("style") or "").split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


def _classes(element: Element) -> str:
    return (element.get("class") or "").lower()


def _drop_rubbish(root: Element) -> None:
    # All at once: to take out one by one costs as much for each as stands beside it.
    etree.strip_elements(root, etree.Comment, etree.PI, etree.Entity, *_GONE, with_tail=False)
    for element in list(root.iterdescendants()):
        style, classes = _style(element), _classes(element)
        if element.tag == "hr" and any(
            _style(over).get("mso-element", "").endswith("note-list")
            for over in element.iterancestors("div")
        ):
            element.drop_tree()  # The line above Word's notes.
            continue
        hidden = style.get("display") == "none" or style.get("mso-hide") == "all"
        comment = "msocomment" in classes or style.get("mso-element", "").startswith("comment")
        if hidden or comment or "msotoc" in classes:
            element.drop_tree()


def _drop_pictures(root: Element) -> int:
    pictures = sum(1 for _picture in root.iter("img"))
    etree.strip_elements(root, "img", with_tail=False)
    return pictures


def _notes(root: Element) -> None:
    """Put notes where they are referred to; their list at the end goes."""
    targets: dict[str, Element] = {}
    for element in root.iterdescendants():
        for name in (element.get("id"), element.get("name")):
            if name:
                targets.setdefault(name, element)
    used: dict[Element, None] = {}
    for link in list(root.iter("a")):
        match = _NOTE.fullmatch(link.get("href") or "")
        target = targets.get(match[1]) if match else None
        over = set(link.iterancestors())
        if target is None or target is link or target in over:
            continue
        block = _note_block(target)
        # A note stands where it is first referred to; each time it is copied whole.
        if block is None or block in over or block in used:
            continue
        note = _note(block, target)
        outer = link.getparent()
        lonely = outer is not None and outer.tag in ("sup", "span") and _is_only(link)
        place = outer if lonely and outer is not None and not (outer.text or "").strip() else link
        place.addprevious(note)
        note.tail, place.tail = place.tail, None
        place.drop_tree()
        used[block] = None
    for block in used:
        if block.getparent() is not None:
            block.drop_tree()


def _note_block(target: Element) -> Element | None:
    for over in (target, *target.iterancestors("div", "p", "li")):
        if _NOTE_ID.fullmatch(over.get("id") or ""):
            return over
    return next(target.iterancestors("p", "li"), None)


def _note(block: Element, target: Element) -> Element:
    """The note's words and inline markup, without the number that stands before them."""
    copied: Element = lxml.html.fromstring(lxml.html.tostring(block, encoding="unicode"))
    name = target.get("name") or target.get("id")
    for inner in list(copied.iterdescendants()):
        marks = {inner.get("name"), inner.get("id")}
        back = (inner.get("href") or "").startswith("#")
        if inner.tag == "a" and (name in marks or back):
            inner.drop_tree()
    html_bounds.unwrap(copied, list(copied.iterdescendants(*BLOCKS)))
    note: Element = block.makeelement("sup", {"data-note": ""})
    note.text = (copied.text or "").lstrip()
    note.extend(list(copied))
    if len(note) and not (note.text or "").strip() and note[0].tag in ("sup", "span"):
        first = note[0]
        if not first.text_content().strip():  # What held the number.
            first.drop_tree()
            note.text = (note.text or "").lstrip()
    return note


def _word_lists(root: Element) -> None:
    """Give Word's list paragraphs their lists back, level by level."""
    stack: list[Element] = []
    last: Element | None = None
    for paragraph in list(root.iter("p", "h1", "h2", "h3", "h4", "h5", "h6")):
        match = _LEVEL.search(_style(paragraph).get("mso-list", ""))
        if match is None:
            continue
        marker = _take_marker(paragraph)
        if paragraph.tag != "p":
            continue  # A numbered heading stays a heading.
        kind = "ol" if _NUMBER.match(marker) else "ul"
        level = int(match[1])
        if last is None or _before(paragraph) is not last:
            stack = []
        del stack[level:]
        if len(stack) == level and stack[-1].tag != kind:
            stack.pop()
            if not stack:
                last = None
        while len(stack) < level:
            made = root.makeelement(kind)
            if stack:
                items = stack[-1]
                if not len(items):
                    etree.SubElement(items, "li")
                items[-1].append(made)
            else:
                paragraph.addprevious(made)
            stack.append(made)
            first = _FIRST.match(marker)
            if first and len(stack) == level and int(first[1]) != 1:
                made.set("start", str(int(first[1])))
        item = etree.SubElement(stack[-1], "li")
        item.text = paragraph.text
        item.extend(list(paragraph))
        paragraph.drop_tree() if paragraph.tail and paragraph.tail.strip() else _remove(paragraph)
        last = stack[0]


def _online_lists(root: Element) -> None:
    """Word Online writes each item as a list of its own, with its level in an attribute."""
    stack: list[Element] = []
    for outer in list(root.iter("ul", "ol")):
        levels = [_DIGIT.fullmatch(item.get("data-aria-level") or "") for item in outer]
        parent = outer.getparent()
        if not levels or not all(levels) or parent is None:
            continue
        box = parent if "listcontainer" in _classes(parent) and _is_only(outer) else outer
        if not stack or _before(box) is not stack[0]:
            stack = []
        for item, found in zip(list(outer), levels, strict=True):
            level = int(found[0]) if found else 1
            del stack[level:]
            if len(stack) == level and stack[-1].tag != outer.tag:
                stack.pop()
            while len(stack) < level:
                made = root.makeelement(outer.tag)
                if stack:
                    if not len(stack[-1]):
                        etree.SubElement(stack[-1], "li")
                    stack[-1][-1].append(made)
                else:
                    box.addprevious(made)
                stack.append(made)
                if len(stack) == level and outer.get("start", "1") != "1":
                    made.set("start", outer.get("start", "1"))
            stack[-1].append(item)
        _remove(box)


def _is_only(element: Element) -> bool:
    return element.getprevious() is None and element.getnext() is None


def _before(element: Element) -> Element | None:
    found = element.getprevious()
    return None if found is not None and (found.tail or "").strip() else found


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _take_marker(paragraph: Element) -> str:
    """The bullet or number that Word wrote into the text; it is taken out."""
    for span in list(paragraph.iter("span")):
        if _style(span).get("mso-list") == "ignore":
            marker: str = span.text_content().strip()
            span.drop_tree()
            return marker
    found = _MARKER.match(paragraph.text or "")
    if found:
        paragraph.text = (paragraph.text or "")[found.end() :]
        return found[0].strip()
    return ""


def _paragraph_styles(root: Element) -> None:
    for paragraph in list(root.iter("p")):
        classes = _classes(paragraph)
        if "msotitle" in classes:
            paragraph.tag = "h1"
        elif "quote" in classes:
            box = root.makeelement("blockquote")
            paragraph.addprevious(box)
            box.tail, paragraph.tail = paragraph.tail, None
            box.append(paragraph)


def _headings(root: Element) -> None:
    """The title of the page is the only first heading: the text's own begin at the second."""
    if next(root.iter("h1"), None) is not None:
        for level in (4, 3, 2, 1):
            for heading in list(root.iter(f"h{level}")):
                heading.tag = f"h{min(level + 1, 4)}"


def _inline_styles(root: Element) -> None:
    etree.strip_tags(root, "u", "font", "ins", "big", "small")
    dropped: list[Element] = []
    for element in list(root.iterdescendants()):
        style = _style(element)
        weight = style.get("font-weight", "")
        if element.tag in ("b", "strong") and weight in ("normal", "400"):
            dropped.append(element)  # Google Docs wraps everything in one that is not bold.
            continue
        if element.tag in _RENAMED:
            element.tag = _RENAMED[element.tag]
        if element.tag != "span":
            continue
        heading = next(element.iterancestors("h2", "h3", "h4"), None) is not None
        bold = weight in ("bold", "bolder") or (weight[:1] in "6789" and weight.isdigit())
        tags = [
            tag
            for tag, wanted in (
                ("strong", bold and not heading),
                ("em", style.get("font-style") == "italic"),
                ("s", "line-through" in style.get("text-decoration", "")),
                ("s", "line-through" in style.get("text-decoration-line", "")),
                ("sup", style.get("vertical-align") == "super"),
                ("sub", style.get("vertical-align") == "sub"),
                ("code", bool(_MONO.search(style.get("font-family", "")))),
            )
            if wanted
        ]
        for tag in dict.fromkeys(tags):
            inner = root.makeelement(tag)
            inner.text, element.text = element.text, None
            inner.extend(list(element))
            element.append(inner)
        dropped.append(element)
    html_bounds.unwrap(root, dropped)


def _links(root: Element) -> None:
    dead: list[Element] = []
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        try:
            parts = urlsplit(href)
        except ValueError:
            dead.append(link)
            continue
        if parts.hostname in ("www.google.com", "google.com") and parts.path == "/url":
            href = parse_qs(parts.query).get("q", [""])[0]
        if not href.startswith(("http://", "https://", "mailto:", "/", "article:")):
            dead.append(link)
            continue
        link.set("href", href)
    html_bounds.unwrap(root, dead)


def _nested_lists(root: Element) -> None:
    """Google Docs puts a list beside the item that it belongs to."""
    for inner in list(root.iter("ul", "ol")):
        outer = inner.getparent()
        if outer is None or outer.tag not in ("ul", "ol"):
            continue
        item = inner.getprevious()
        if item is None or item.tag != "li":
            item = root.makeelement("li")
            inner.addprevious(item)
        inner.tail = None
        item.append(inner)


def _tables(root: Element) -> None:
    """A first row that is bold all over is the header."""
    bold: list[Element] = []
    for table in root.iter("table"):
        row = next(table.iter("tr"), None)
        cells = list(row.iterchildren("td")) if row is not None else []
        if cells and all(_is_bold(cell) for cell in cells):
            for cell in cells:
                cell.tag = "th"
                bold += cell.iter("strong")
    html_bounds.unwrap(root, bold)


def _is_bold(cell: Element) -> bool:
    text = "".join(cell.text_content().split())
    bold = "".join("".join(strong.text_content().split()) for strong in cell.iter("strong"))
    return bool(text) and text == bold
