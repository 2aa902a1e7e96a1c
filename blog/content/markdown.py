"""Converts pasted Markdown into HTML, which `blog.content.pasting` then cleans."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from blog.content import sanitiser
from core import html_bounds

_PARSER = MarkdownIt("commonmark", {"maxNesting": 20}).enable(["table", "strikethrough"])
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
LONGEST = 20_000


def html_of(text: str) -> str:
    """HTML of CommonMark with tables and struck-through text.

    Raises `html_bounds.TooLarge`, for a paragraph of more than `LONGEST` characters too.

    HTML in the text is left as it is: the result is not clean.
    """
    text = html_bounds.fit(text)
    sanitiser.bounded(text)
    # Brackets without an end cost the parser as much for each as stands behind it.
    if any(len(part) > LONGEST for part in _BLANK_LINE.split(text)):
        raise html_bounds.TooLarge
    return str(_PARSER.render(text))
