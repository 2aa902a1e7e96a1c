"""What a stale form and the stored article differ in, for people to read."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.forms import ModelForm
from django.utils.translation import gettext as _

from blog.models import Article

_BLOCKS = frozenset(
    ("p", "h2", "h3", "h4", "li", "blockquote", "figure", "pre", "td", "th", "hr", "table")
)


@dataclass(frozen=True)
class Line:
    """A line of one side or of both: `kind` is "theirs", "yours" or "same"."""

    kind: str
    text: str


class _Paragraphs(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.lines.append("")
        if tag == "figure":
            number = dict(attrs).get("data-image") or ""
            self.lines[-1] = f"[{_('picture')} {number}]"

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data


def paragraphs(html: str) -> list[str]:
    """The text of `html`, a line for each paragraph; figures by their picture's number."""
    parser = _Paragraphs()
    parser.feed(html)
    parser.close()
    return [line for line in (" ".join(line.split()) for line in parser.lines) if line]


def difference(stored: Article, form: ModelForm[Any]) -> list[Line]:
    """Title, lead and text of both, line by line; unchanged lines too."""
    yours = [str(form["title"].value() or ""), str(form["lead"].value() or "")]
    yours += paragraphs(str(form["body_source"].value() or ""))
    theirs = [stored.title, stored.lead, *paragraphs(stored.body_source)]
    kinds = {"- ": "theirs", "+ ": "yours", "  ": "same"}
    return [
        Line(kinds[line[:2]], line[2:])
        for line in difflib.ndiff(theirs, yours)
        if line[:2] in kinds and line[2:]
    ]
