"""The lines of a mail in HTML, with what its containers say of them.

The HTML is read as a stream of tags, so that deep nesting costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import etree

from comments.mail_parsing import addresses
from comments.mail_parsing.lines import MAX_DEPTH, SPACES, Line, Mark
from core import html_bounds
from core.text import tame

_HIDDEN = frozenset(["head", "script", "style", "title", "template", "svg", "object", "textarea"])
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "body", "center", "div", "dd", "dl", "dt", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol"),
        *("p", "pre", "section", "table", "tbody", "tr", "ul", "blockquote"),
    ]
)
# Classes and ids, as Gmail, Outlook, Apple Mail, Thunderbird, Proton, Roundcube, K-9, FairEmail,
# Samsung, Yahoo and Zoho write them.
_NAMES = {
    "gmail_attr": Mark.INTRO,
    "moz-cite-prefix": Mark.INTRO,
    "reply-intro": Mark.INTRO,
    "gmail_signature": Mark.SIGNATURE,
    "moz-signature": Mark.SIGNATURE,
    "applemailsignature": Mark.SIGNATURE,
    "ms-outlook-mobile-signature": Mark.SIGNATURE,
    "protonmail_signature_block": Mark.SIGNATURE,
    "k9mail-signature": Mark.SIGNATURE,
    "composer_signature": Mark.SIGNATURE,
    "ymail_android_signature": Mark.SIGNATURE,
    "ymail_ios_signature": Mark.SIGNATURE,
    "signature": Mark.SIGNATURE,
    "divrplyfwdmsg": Mark.END,
    "appendonsend": Mark.END,
    "mail-editor-reference-message-container": Mark.END,
    "olk_src_body_section": Mark.END,
    "outlookmessageheader": Mark.END,
    "moz-forward-container": Mark.END,
    "zmail_extra": Mark.END,
}
_NO_MARGIN = re.compile(r"margin:0[a-z]{0,10}(?:;|$)")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANKS = re.compile(" +")
_OUTLOOK = re.compile(r"^(?:x_)+")
_NO_TARGET = re.compile(r"[\s()<>]")
_TAG = re.compile(r"<[^<>]*>")
MAX_NESTING = 1_000
"""Elements within each other; nobody writes more, and parsers take quadratic time for them."""
_MAIL_RU = "data-signature-widget"
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
"""Our Markdown for what a writer stressed."""
_QUOTES = frozenset(["gmail_quote", "protonmail_quote", "tutanota_quote", "k9mail-quote"])


def from_html(text: str) -> list[Line]:
    """The lines of HTML; of what no program writes, its words alone."""
    cost = html_bounds.cost(text)
    if cost.nesting > MAX_NESTING or cost.attributes > html_bounds.MOST_ATTRIBUTES:
        text = words_of_html(text)
    reader = _Reader()
    parser = etree.HTMLParser(target=cast(Any, reader), recover=True, no_network=True)
    try:
        parser.feed(tame(text) or " ")
        parser.close()
    except etree.LxmlError:
        reader.flush()
    return reader.lines


def words_of_html(text: str) -> str:
    """HTML without its tags, and without signs that look like the beginning of one."""
    return _TAG.sub(" ", text).replace("<", " ")


@dataclass(frozen=True, slots=True)
class _Open:
    """What an open element changed, to be taken back at its end."""

    tag: str
    hides: bool = False
    mark: Mark = Mark.NONE
    gap: bool = False


@dataclass
class _Reader:
    """Receives the tags and texts of a mail, and makes lines of them."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)
    depth: int = 0
    hidden: int = 0
    preformatted: int = 0
    marks: list[Mark] = field(default_factory=list)
    # For each open list the number of its next item, 0 where they have none.
    lists: list[int] = field(default_factory=list)
    # The sign before an item that has no words yet, with the indent of its list.
    item: str = ""
    links: list[tuple[str, int, int]] = field(default_factory=list)
    stressed: list[tuple[int, int]] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        style = attributes.get("style", "")[:1000].replace(" ", "").lower()
        hides = tag in _HIDDEN or "display:none" in style
        self.hidden += hides
        if self.hidden:
            self.opened.append(_Open(tag, hides=hides))
            return
        if tag in _BLOCKS:
            self.flush()
        mark = _meaning(tag, attributes)
        gap = tag in ("p", "blockquote", "ul", "ol", "pre") and not (
            "mso" in attributes.get("class", "").lower() or _NO_MARGIN.search(style)
        )
        self.opened.append(_Open(tag, mark=mark, gap=gap))
        if gap:
            self._gap()
        if mark is Mark.END:
            self.lines.append(Line("", 0, Mark.END))
        elif mark is not Mark.NONE:
            self.marks.append(mark)
        self.depth += tag == "blockquote"
        self.preformatted += tag == "pre"
        if tag == "br":
            self.flush(always=True)
        elif tag in ("ul", "ol"):
            self.lists.append(int(tag == "ol"))
        elif tag == "li":
            self._item()
        elif tag in ("td", "th"):
            self.pieces.append(" ")
        elif tag == "img":
            alt = attributes.get("alt", "")
            # Mail programs put pictures in the place of emoji.
            self.pieces.append(alt if len(alt) < 9 and not alt.isascii() else "")
        elif tag == "a":
            href = attributes.get("href", "")
            self.links.append((href, len(self.lines), len(self.pieces)))
        elif tag in _EMPHASIS:
            self.stressed.append((len(self.lines), len(self.pieces)))

    def end(self, tag: str) -> None:
        """An element ends."""
        if not self.opened:
            return
        was = self.opened.pop()
        if self.hidden:
            self.hidden -= was.hides
            return
        if was.tag == "a" and self.links:
            self._link(*self.links.pop())
        if was.tag in _EMPHASIS and self.stressed:
            self._stress(_EMPHASIS[was.tag], *self.stressed.pop())
        if was.tag in _BLOCKS:
            self.flush()
        if was.tag == "li":
            self.item = ""
        if was.mark not in (Mark.NONE, Mark.END):
            self.marks.pop()
        self.depth -= was.tag == "blockquote"
        self.preformatted -= was.tag == "pre"
        if was.tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if was.gap:
            self._gap()

    def data(self, data: str) -> None:
        """Text."""
        if self.hidden:
            return
        if not self.preformatted:
            self.pieces.append(_SPACE.sub(" ", data))
            return
        first, *more = data.split("\n")
        self.pieces.append(first)
        for line in more:
            self.flush(always=True)
            self.pieces.append(line)

    def comment(self, text: str) -> None:
        """A comment in the HTML says nothing."""

    def close(self) -> None:
        """The end of the mail."""
        self.flush()

    def flush(self, *, always: bool = False) -> None:
        """End the line, if there is one; with `always` an empty one too."""
        text, self.pieces = "".join(self.pieces), []
        if not always and not text.strip(" \n") and "\xa0" not in text:
            return
        text = text.translate(SPACES)
        if not self.preformatted:
            text = _BLANKS.sub(" ", text)
            text = "-- " if text.lstrip() == "-- " else text.strip()
            if text:
                text, self.item = self.item + text, ""
        mark = self.marks[-1] if self.marks else Mark.NONE
        self.lines.append(Line(text, min(self.depth, MAX_DEPTH), mark))

    def _gap(self) -> None:
        if self.lines and not self.lines[-1].is_blank and not self.lists:
            mark = self.marks[-1] if self.marks else Mark.NONE
            self.lines.append(Line("", min(self.depth, MAX_DEPTH), mark))

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else 0
        indent = "   " * min(max(len(self.lists) - 1, 0), MAX_DEPTH)
        self.item = f"{indent}{number}. " if number else f"{indent}- "
        if number:
            self.lists[-1] += 1

    def _stress(self, sign: str, line: int, piece: int) -> None:
        """Put the signs of emphasis around the words of an element, where it stays on one line."""
        words = "".join(self.pieces[piece:])
        bare = words.strip(" \n\xa0")
        if line == len(self.lines) and bare and sign not in bare and not self.preformatted:
            before, _bare, after = words.partition(bare)
            self.pieces[piece:] = [f"{before}{sign}{bare}{sign}{after}"]

    def _link(self, href: str, line: int, piece: int) -> None:
        """Keep where a link leads when its words do not say so."""
        if line != len(self.lines):
            return
        words = "".join(self.pieces[piece:]).strip()
        target = _target(href)
        if not target or not words or "@" in words or words in target or "://" in words:
            return
        if not set("[]()<>\\`*") & set(words):
            self.pieces[piece:] = [f"[{words}]({target})"]


def _meaning(tag: str, attributes: dict[str, str]) -> Mark:
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()[:500].split()
    # Outlook puts x_ before the names of what it quotes, Yahoo a mark of its own.
    names = [_OUTLOOK.sub("", name) for name in names]
    if any("yahoo_quoted" in name for name in names):
        return Mark.END
    if tag == "blockquote":
        # Gmail's own button for a quote gives it the class, but no border.
        style = attributes.get("style", "")[:1000].replace(" ", "").lower()
        cited = not _QUOTES.isdisjoint(names) and "border:none" not in style
        return Mark.QUOTE if cited or attributes.get("type", "").lower() == "cite" else Mark.NONE
    if attributes.get("fairemail", "").lower() == "signature" or _MAIL_RU in attributes:
        return Mark.SIGNATURE
    if tag == "div" and attributes.get("name", "").lower() == "quote":
        # GMX and web.de.
        return Mark.END
    return next((_NAMES[name] for name in names if name in _NAMES), Mark.NONE)


def _target(href: str) -> str:
    """The web address of a link, out of the wrapping that Outlook puts around it, which holds the
    recipient's address; empty for any other."""
    try:
        href = addresses.target(href)
        parts = urlsplit(href.strip()[:2000])
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or _NO_TARGET.search(href):
        return ""
    return href.strip()
