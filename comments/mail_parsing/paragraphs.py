"""Lines of a mail made into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from comments.mail_parsing.lines import Line

_GAPS = re.compile(r"\n{3,}")
_ITEM = re.compile(r"(?:[-*+•>#]|\d{1,3}[.)])(?:\s|$)")


def joined(lines: Sequence[Line]) -> str:
    """The lines as one text, without more than one blank line in a row."""
    text = "\n".join(line.text.rstrip() for line in lines)
    return _GAPS.sub("\n\n", text).strip("\n")


def unwrapped(lines: Sequence[Line]) -> str:
    """The lines, with those that a mail program cut to a width put together again."""
    width = max(len(line.text.rstrip()) for line in lines)
    if not 60 <= width <= 80:
        return joined(lines)
    made: list[Line] = []
    before = ""
    for line in lines:
        text = line.text.strip()
        first = text.partition(" ")[0]
        full = bool(before and text) and len(before) + 1 + len(first) > width
        if full and not _ITEM.match(text):
            made[-1] = Line(f"{made[-1].text.rstrip()} {text}")
        else:
            made.append(line)
        before = line.text.rstrip()
    return joined(made)
