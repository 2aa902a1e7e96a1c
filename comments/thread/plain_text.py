"""Comments as plain text: for mails, search, summaries and data; never safe as HTML.

Quotes stay quotes, items of lists keep their numbers, and what was struck out keeps its "~~".
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.models import Comment
from core.followable import quiet

_BLANKS = re.compile(r"\s+")
_THREE_LINES = re.compile(r"\n{3,}")
_SIMPLE = re.compile(r"<p>([^<]*)</p>\n?")
_EXCERPT = 1500


def words_of(comment: Comment) -> str:
    """The text of a comment, without any address to follow, cut at a length for mails.

    Made once for a text, however many mails and digests show it.
    """
    return _mailed(comment.html, get_language() or "")


def line_of(comment: Comment) -> str:
    """As `words_of` on one line, for excerpts."""
    return _excerpt(comment.html, get_language() or "")


def text_of(html: str) -> str:
    """The text of `html` as `markup.render` gave it.

    Quotes are marked by "> ", list items by "- " or their number; links lose their address
    unless it is their text.
    """
    return _tidy(_parsed(html, _PlainText()))


def own_words(comment: Comment, most: int) -> str:
    """The first `most` words of what the writer says after the last quotation; may be empty."""
    _before, _end, own = comment.html.rpartition("</blockquote>")
    return Truncator(_excerpt(own, get_language() or "")).words(most)


@lru_cache(maxsize=512)
def one_line(html: str) -> str:
    """As `text_of` on one line: quotes stand in quotation marks."""
    # Most comments are one paragraph, and pages with data for search engines have many.
    simple = _SIMPLE.fullmatch(html)
    text = unescape(simple[1]) if simple else _parsed(html, _OneLine())
    return " ".join(text.split())


@lru_cache(maxsize=512)
def _mailed(html: str, language: str) -> str:
    return _cut(quiet(text_of(html), _("[link]")).strip())


@lru_cache(maxsize=512)
def _excerpt(html: str, language: str) -> str:
    return _cut(quiet(one_line(html), _("[link]")).strip())


def _cut(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …"


def _parsed(html: str, parser: _PlainText) -> str:
    parser.feed(html)
    parser.close()
    return parser.blocks[0]


class _PlainText(HTMLParser):
    """Collects text; `blocks` holds the text so far of each open quote, outermost first."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [""]
        self.numbers: list[int | None] = []
        self.preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self.blocks.append("")
        elif tag == "br":
            self.blocks[-1] += "\n"
        elif tag == "pre":
            self.preformatted = True
        elif tag == "s":
            self.blocks[-1] += "~~"
        elif tag in ("ul", "ol"):
            self.blocks[-1] += "\n"
            start = dict(attrs).get("start") or "1"
            self.numbers.append(int(start) if tag == "ol" else None)
        elif tag == "li" and self.numbers:
            number = self.numbers[-1]
            if number is not None:
                number = int(dict(attrs).get("value") or number)
                self.numbers[-1] = number + 1
            self.blocks[-1] += "- " if number is None else f"{number}. "

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and len(self.blocks) > 1:
            quote = self.quoted(self.blocks.pop())
            self.blocks[-1] += quote
        elif tag == "s":
            self.blocks[-1] += "~~"
        elif tag in ("p", "pre", "ul", "ol"):
            self.blocks[-1] += "\n\n"
            self.preformatted = False
            if tag in ("ul", "ol") and self.numbers:
                self.numbers.pop()
        elif tag == "li":
            self.blocks[-1] += "\n"

    def quoted(self, text: str) -> str:
        """A whole quote as it stands in what is around it."""
        text = _tidy(text)
        lines = "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        return f"{lines}\n\n" if text else ""

    def handle_data(self, data: str) -> None:
        if not self.preformatted:
            data = _BLANKS.sub(" ", data)
            if not self.blocks[-1] or self.blocks[-1][-1] in "\n ":
                data = data.lstrip()
        self.blocks[-1] += data


class _OneLine(_PlainText):
    """The same with quotes in quotation marks; a quote within a quote has the single ones."""

    def quoted(self, text: str) -> str:
        before, after = "“”" if len(self.blocks) % 2 else "‘’"
        return f" {before}{text.strip()}{after}\n\n" if text.strip() else ""


def _tidy(text: str) -> str:
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _THREE_LINES.sub("\n\n", text).strip("\n")
