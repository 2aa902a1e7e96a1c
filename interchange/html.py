"""HTML of other sites into what an article here may hold; the sanitiser still cleans it last.

Headings, lists, quotes, code, tables, links and emphasis stay. Pictures become figures of the
library. Frames, players and embeds become links to what they showed. What only arranged a page
(divisions, spans, columns) goes, its words stay. `Converted.tells` says what was changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

from django.utils.html import escape
from lxml import etree
from lxml.html import HtmlElement

from core import html_bounds
from interchange.completeness import lost, words_in
from interchange.elements import PLAYERS, code_of, film_address, with_items, words_beside
from interchange.places import place_of

_START = re.compile(r"[0-9]{1,6}")
_UNSEEN = re.compile(r"<(?!br)[^<>]*>|&nbsp;|[\s\xa0]")
_BLANK_START = re.compile(r"(?:\s|<br>)+")
_BLANK_END = re.compile(r"(?:\s|>rb<)+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")

_INLINE = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em",
    "var": "em", "s": "s", "strike": "s", "del": "s", "sub": "sub", "sup": "sup",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
# Words stay, the arrangement goes, and nobody misses it.
_PLAIN_INLINE = {
    "span", "font", "u", "ins", "small", "big", "abbr", "acronym", "label", "time", "mark", "q",
    "bdi", "bdo", "data", "nobr", "picture", "blink", "marquee", "wbr", "figcaption", "legend",
}  # fmt: skip
_BLOCKS = {
    "div", "section", "article", "aside", "main", "header", "footer", "nav", "center", "address",
    "details", "summary", "form", "fieldset", "dl", "dd", "hgroup", "menu", "dir", "noscript",
    "body", "html", "figure", "p", "caption",
}  # fmt: skip
_DROPPED = {"script", "style", "template", "textarea", "select", "button", "input", "svg", "math",
            "head", "title", "meta", "link", "canvas", "map", "area"}  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
MOST_OPEN = 240
"""Open tags within each other that are parsed at all; lxml drops what is 256 deep."""
MOST_DEPTH = 100
"""Elements within each other; an article here holds less (blog.content.sanitiser.MAX_NESTING)."""


@dataclass(frozen=True)
class FoundPicture:
    """A picture as a text shows it."""

    src: str
    alt: str = ""
    caption: str = ""
    # Of a gallery: the picture's key, or the article whose pictures are meant.
    key: str = ""
    article: str = ""


@dataclass
class Converted:
    """The HTML, and what became of what could not stay: counts and first examples."""

    html: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def tell(self, word: str, example: str = "") -> None:
        """Count one more of `word`."""
        self.counts[word] += 1
        self.examples.setdefault(word, example[:120])


Pictures = Callable[[FoundPicture], list[int]]
"""Gives the numbers of the library's pictures for one that a text shows; none: not found."""
Links = Callable[[str], str]
"""Gives the address to link to."""


def convert(source: str, *, pictures: Pictures, links: Links) -> Converted:
    """`source`, however broken, as the HTML of an article; of what no parser is given, its words.

    Raises `html_bounds.Unreadable`.
    """
    result = Converted()
    if not source.strip():
        return result
    cost = html_bounds.cost(source)
    if cost.nesting > MOST_OPEN or cost.attributes > html_bounds.MOST_ATTRIBUTES:
        result.tell("too deep", source)
        result.html = f"<p>{escape(' '.join(unescape(_TAG.sub(' ', source)).split()))}</p>"
        return result
    root = html_bounds.fragment(source, bare=True)
    words = words_in(root, silent=_DROPPED | PLAYERS)
    result.html = _Writer(result, pictures, links).blocks(root)
    if missing := lost(words, result.html):
        result.tell("words lost", " ".join(missing))
    return result


def _file_name(address: str) -> str:
    """The last part of an address's path; nothing of what is no address."""
    try:
        return unquote(urlsplit(address).path.rpartition("/")[2])
    except ValueError:
        return ""


class _Writer:
    """Writes the blocks of one element; nested blocks have a writer of their own."""

    def __init__(self, result: Converted, pictures: Pictures, links: Links, depth: int = 0) -> None:
        self.result, self.pictures, self.links, self.depth = result, pictures, links, depth
        self.out: list[str] = []
        self.line: list[str] = []
        self.opened: list[tuple[str, str]] = []

    def blocks(self, node: etree._Element) -> str:
        self.children(node)
        self.flush()
        return "\n".join(self.out)

    def inside(self, node: etree._Element) -> str:
        if self.depth > MOST_DEPTH:
            self.result.tell("nesting")
            return f"<p>{escape(_words(node))}</p>"
        return _Writer(self.result, self.pictures, self.links, self.depth + 1).blocks(node)

    def flush(self) -> None:
        """End the paragraph; marks that are open go on in the next."""
        words = "".join(self.line)
        if _UNSEEN.sub("", words).replace("<br>", ""):
            words += "".join(f"</{tag}>" for tag, _start in reversed(self.opened))
            words = _trimmed(words)
            words = "\n".join(filter(None, (line.strip(" \t") for line in words.split("\n"))))
            if _ADDRESS.fullmatch(words):
                words = f'<a href="{words}">{words}</a>'
            self.out.append(f"<p>{words}</p>")
        self.line = [start for _tag, start in self.opened]

    def block(self, html: str) -> None:
        self.flush()
        if html:
            self.out.append(html)

    def text(self, words: str | None) -> None:
        if words:
            self.line.append(str(escape(words)))

    def children(self, node: etree._Element) -> None:
        self.text(node.text)
        for child in node:
            if isinstance(child.tag, str):
                self.element(child, child.tag.lower())
            self.text(child.tail)

    def element(self, node: etree._Element, tag: str) -> None:
        self.depth += 1
        try:
            if self.depth > MOST_DEPTH:
                self.result.tell("nesting")
                self.text(_words(node))
            elif tag == "sup" and node.get("data-note") is not None:
                self.inline(node, "sup", '<sup data-note="">')
            elif tag in _INLINE:
                self.inline(node, _INLINE[tag], f"<{_INLINE[tag]}>")
            elif tag == "a":
                self.link(node)
            elif tag == "br":
                self.line.append("<br>")
            elif tag == "img":
                self.picture(node)
            elif tag in PLAYERS:
                self.player(node, tag)
            elif tag in _DROPPED:
                self.result.tell(tag)
            elif tag in _PLAIN_INLINE:
                self.children(node)
            else:
                self.structure(node, tag)
        finally:
            self.depth -= 1

    def inline(self, node: etree._Element, tag: str, start: str) -> None:
        if any(name == tag for name, _start in self.opened):
            self.children(node)
            return
        self.line.append(start)
        self.opened.append((tag, start))
        self.children(node)
        self.opened.pop()
        if self.line[-1] == start:
            self.line.pop()  # Nothing stood in it.
        else:
            self.line.append(f"</{tag}>")

    def link(self, node: etree._Element) -> None:
        href = (node.get("href") or "").strip()
        pictures = list(node.iter("img"))
        if not href or (pictures and not _words(node)):
            self.children(node)  # An anchor, or a picture that led to itself.
            return
        href = self.links(href)
        if not href:
            self.children(node)
            return
        self.inline(node, "a", f'<a href="{escape(href)}">')

    def picture(self, node: etree._Element, caption: str = "") -> None:
        found = FoundPicture(
            src=(node.get("src") or node.get("data-src") or "").strip(),
            alt=" ".join((node.get("alt") or "").split()),
            caption=caption,
            key=node.get("data-key") or "",
            article=node.get("data-article") or "",
        )
        numbers = self.pictures(found)
        place = place_of(node)
        where = f' data-place="{place}"' if place else ""
        for number in numbers:
            self.block(f'<figure data-image="{number}"{where}></figure>')
        if numbers:
            return
        if found.src.startswith(("http://", "https://", "/")) and not found.src.startswith("//"):
            name = found.caption or found.alt or _file_name(found.src)
            href = escape(self.links(found.src))
            self.block(f'<p><a href="{href}">{escape(name or found.src)}</a></p>')
        elif caption:
            self.block(f"<p>{escape(caption)}</p>")

    def player(self, node: etree._Element, tag: str) -> None:
        """A link to what a frame or player showed."""
        address = film_address(node)
        self.result.tell(tag, address)
        if address.startswith(("http://", "https://", "/")):
            title = node.get("title") or address
            self.block(f'<p><a href="{escape(self.links(address))}">{escape(title)}</a></p>')
        elif _words(node):
            self.block(f"<p>{escape(_words(node))}</p>")

    def structure(self, node: etree._Element, tag: str) -> None:
        if tag in _HEADINGS:
            self.flush()
            pictures = list(node.iter("img"))
            inner = _Line(self.result, self.links).of(node)
            self.block(f"<{_HEADINGS[tag]}>{inner}</{_HEADINGS[tag]}>" if inner else "")
            for picture in pictures:
                self.picture(picture)
        elif tag in ("ul", "ol"):
            self.list_of(node, tag)
        elif tag == "li":
            self.block(f"<ul><li>{_single(self.inside(node))}</li></ul>")
        elif tag == "blockquote":
            inner = self.inside(node)
            self.block(f"<blockquote>{inner}</blockquote>" if inner else "")
        elif tag in ("pre", "listing", "xmp"):
            words = code_of(node)
            self.block(f"<pre><code>{escape(words)}</code></pre>" if words.strip() else "")
        elif tag == "hr":
            self.block("<hr>")
        elif tag == "table":
            self.table(node)
        elif tag == "figure":
            self.figure(node)
        elif tag == "dt":
            inner = _Line(self.result, self.links).of(node)
            self.block(f"<p><strong>{inner}</strong></p>" if inner else "")
        else:
            if tag not in _BLOCKS:
                self.result.tell("tag", f"<{tag}>")
            self.flush()
            self.children(node)
            self.flush()

    def list_of(self, node: etree._Element, tag: str) -> None:
        items: list[str] = []
        with_items(node)
        for child in node:
            if child.tag in ("ul", "ol") and items:
                # A list beside the items, where it should stand inside one.
                wrapped = _Writer(self.result, self.pictures, self.links, self.depth + 1)
                wrapped.element(child, child.tag)
                wrapped.flush()
                items[-1] += "\n".join(wrapped.out)
            elif inner := _single(self.inside(child)):
                items.append(inner)
        rows = "".join(f"<li>{item}</li>" for item in items)
        start = node.get("start") or ""
        begin = f'<ol start="{start}">' if tag == "ol" and _START.fullmatch(start) else f"<{tag}>"
        self.block(f"{begin}{rows}</{tag}>" if rows else "")

    def table(self, node: etree._Element) -> None:
        rows = [row for row in node.iter("tr") if next(row.iterancestors("table"), None) is node]
        if not rows:
            self.flush()
            self.children(node)
            self.flush()
            return
        cells = {cell for row in rows for cell in row if cell.tag in ("td", "th")}
        captions = node.findall("caption")
        if beside := words_beside(node, {*cells, *captions}):
            self.block(f"<p>{escape(beside)}</p>")
        for caption in captions:
            self.block(f"<p><strong>{escape(_words(caption))}</strong></p>")
        html = []
        for row in rows:
            made = []
            for cell in filter(cells.__contains__, row):
                spans = "".join(
                    f' {name}="{escape(cell.get(name))}"'
                    for name in ("colspan", "rowspan", "scope")
                    if cell.get(name)
                )
                made.append(f"<{cell.tag}{spans}>{_single(self.inside(cell))}</{cell.tag}>")
            html.append(f"<tr>{''.join(made)}</tr>" if made else "")
        head = [row for row in rows if next(row.iterancestors("thead"), None) is not None]
        count = len(head) if head == rows[: len(head)] else 0
        top = f"<thead>{''.join(html[:count])}</thead>" if count else ""
        self.block(f"<table>{top}<tbody>{''.join(html[count:])}</tbody></table>" if cells else "")

    def figure(self, node: etree._Element) -> None:
        captions = [item for item in node.iter("figcaption")
                    if next(item.iterancestors("figure"), None) is node]  # fmt: skip
        caption = _words(captions[0]) if captions else ""
        images = [item for item in node.iter("img")
                  if next(item.iterancestors("figure"), None) is node]  # fmt: skip
        self.flush()
        if len(images) == 1 and not list(node.iter("table", "blockquote", "pre", *PLAYERS)):
            self.picture(images[0], caption)
            if beside := words_beside(node, captions[:1]):
                self.block(f"<p>{escape(beside)}</p>")
            return
        for item in captions[:1]:
            if isinstance(item, HtmlElement):
                item.drop_tree()
        self.children(node)
        self.flush()
        if caption:
            self.block(f"<p><em>{escape(caption)}</em></p>")


class _Line(_Writer):
    """The words of an element on one line: for headings."""

    def __init__(self, result: Converted, links: Links) -> None:
        super().__init__(result, lambda picture: [], links)

    def of(self, node: etree._Element) -> str:
        self.children(node)
        return " ".join("".join(self.line).replace("<br>", " ").split())

    def picture(self, node: etree._Element, caption: str = "") -> None:
        """Pictures stand below the heading."""

    def structure(self, node: etree._Element, tag: str) -> None:
        self.line.append(" ")
        self.children(node)

    def player(self, node: etree._Element, tag: str) -> None:
        self.text(_words(node))


def _words(node: etree._Element) -> str:
    return " ".join(" ".join(_texts(node)).split())


def _trimmed(words: str) -> str:
    """`words` without blanks and line breaks at its ends."""
    start = _BLANK_START.match(words)
    words = words[start.end() :] if start else words
    # From the end backwards: a search for what stands last would begin at every break.
    end = _BLANK_END.match(words[::-1])
    return words[: len(words) - end.end()] if end else words


def _single(html: str) -> str:
    """One paragraph alone, as an item or cell, needs no mark."""
    if html.startswith("<p>") and html.count("<p>") == 1:
        head, _mark, rest = html[3:].partition("</p>")
        if not rest or rest.lstrip().startswith(("<ul", "<ol")):
            return head + rest
    return html


def _texts(node: etree._Element) -> list[str]:
    return [str(text) for text in node.itertext()]
