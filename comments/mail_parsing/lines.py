"""Lines of a mail: how deep each is quoted, what a mail program says of it; those of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from core.text import tame

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_ENDS = (":", *"0123456789", "AM", "PM")
MAX_DEPTH = 6
"""Deeper quotes count as this deep."""


class Mark(Enum):
    """What a mail program says of a line."""

    NONE = 0
    QUOTE = 1
    """Of the mail that is answered."""
    INTRO = 2
    """Says whose words follow."""
    SIGNATURE = 3
    END = 4
    """From here on the mail that is answered follows, unmarked."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a mail, without the signs of quoting before it."""

    text: str
    depth: int = 0
    mark: Mark = Mark.NONE

    @property
    def is_blank(self) -> bool:
        """Whether nothing is to be read on it."""
        return not self.text or self.text.isspace()


def from_plain(text: str, *, flowed: bool = False, delsp: bool = False) -> list[Line]:
    """The lines of plain text; of `flowed` text (RFC 3676) those that belong together are one."""
    lines: list[Line] = []
    pieces: list[str] = []
    depth_before = -1
    for raw in _closed(tame(_LINE_END.sub("\n", text)).split("\n")):
        depth, words = _quoted(raw.translate(SPACES))
        soft = flowed and words.endswith(" ") and words != "-- " and not words.isspace()
        if pieces and depth != depth_before:
            lines.append(Line("".join(pieces), depth_before))
            pieces = []
        pieces.append(words[:-1] if soft and delsp else words)
        depth_before = depth
        if not soft:
            lines.append(Line("".join(pieces), depth))
            pieces = []
    if pieces:
        lines.append(Line("".join(pieces), depth_before))
    return lines


def _closed(raws: Iterable[str]) -> list[str]:
    """The lines, with the end of an address whose last sign stood on the next line: "<a@b" and
    ">:" are no quote."""
    made: list[str] = []
    for raw in raws:
        before = made[-1] if made else ""
        address = before[-200:].rpartition("<")[2]
        opened = "@" in address and ">" not in address and " " not in address
        if opened and raw.startswith(">") and raw.rstrip().endswith(_ENDS) and len(raw) < 80:
            made[-1] = before + raw
        else:
            made.append(raw)
    return made


def _quoted(raw: str) -> tuple[int, str]:
    """How often a line is quoted, and what it says; "> > a" and ">> a" are the same."""
    position = depth = 0
    while position < len(raw):
        if raw[position] == ">":
            depth += 1
            position += 1
        elif raw[position : position + 2] == " >" and depth:
            position += 1
        else:
            break
    if raw[position : position + 1] == " ":
        # After a quote's sign, or stuffed before what would look like one (RFC 3676, 4.4).
        position += 1 if depth or raw[:2] in (" >", " F") else 0
    return min(depth, MAX_DEPTH), raw[position:]


# Spaces of all kinds are one; what shows as nothing goes.
SPACES = str.maketrans(
    dict.fromkeys("\xa0\u2000\u2001\u2002\u2003\u2007\u2009\u200a\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff\xad", "")
)


def whole(lines: Iterable[Line]) -> str:
    """All lines as one text, with the signs of quoting."""
    return "\n".join(f"{'>' * line.depth} {line.text}".strip() for line in lines).strip()
