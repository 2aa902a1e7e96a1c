"""A text as people and programs mean it: decoded copies whose characters know where they stood.

Programs write the signs of an address in codes, in codes of codes, and between blanks.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, replace

Span = tuple[int, int]

_HEX = r"[2-7][0-9a-f]"
_CODED = (
    # %40, and that in its turn encoded; \x40, \u0040; what is escaped in Markdown.
    rf"%(?:25){{0,9}}(?P<percent>{_HEX})|\\(?:x|u00)(?P<hex>{_HEX})|\\(?P<sign>[!-/:-@\\[-`{{-~])"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z]{2,8});)"
)
_CODES = re.compile(_CODED, re.I)
# As mail is cut into lines (RFC 2045), and as one gateway writes its links.
_QUOTED = re.compile(rf"=(?P<quoted>{_HEX})|{_CODED}", re.I)
_DASHED = re.compile(rf"-(?P<dash>3A|2F|2D|5F|2E|3D|3F|26)|{_CODED}", re.I)
BLANK = re.compile("(?P<drop>[\\s>|\u200b-\u200d\u2060\ufeff\xad]+|=(?=\r?\n))")
_TURNS = 6
"""So often something that was encoded is encoded again."""


@dataclass(frozen=True)
class Copy:
    """A text that was read; `starts` and `ends` say where each of its characters stood."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` stood."""
        return self.starts[start], self.ends[end - 1]

    def read(self, pattern: re.Pattern[str]) -> Copy:
        """Without what `pattern` calls "drop", and with what its other named groups stand for."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            said = _meaning(found)
            pieces += (self.text[done:start], said)
            starts += self.starts[done:start] + [self.starts[start]] * len(said)
            ends += self.ends[done:start] + [self.ends[end - 1]] * len(said)
            done = end
        if not done:
            return self
        pieces.append(self.text[done:])
        return Copy("".join(pieces), starts + self.starts[done:], ends + self.ends[done:])

    def decoded(self, *, quoted: bool = False, dashes: bool = False) -> Copy:
        """With the signs that its codes stand for, however often they were encoded: `quoted` those
        of `=40`, with `dashes` those of `-40`, too."""
        pattern = _QUOTED if quoted else _DASHED if dashes else _CODES
        copy = self
        for _turn in range(_TURNS):
            before, copy = copy.text, replace(copy, text=_plain(copy.text)).read(pattern)
            if copy.text == before:
                break
        return copy

    def small(self) -> str:
        """The text in small letters, character by character: some get longer by it."""
        small = self.text.lower()
        if len(small) == len(self.text):
            return small
        return "".join(one.lower() if len(one.lower()) == 1 else one for one in self.text)


def copy_of(text: str) -> Copy:
    """`text` as it stands."""
    return Copy(text, list(range(len(text))), list(range(1, len(text) + 1)))


def _plain(text: str) -> str:
    """`text` with the plain letter for each of those of full width, in circles and the like."""
    if text.isascii():
        return text
    plain = ((sign, unicodedata.normalize("NFKC", sign)) for sign in set(text))
    return text.translate({ord(sign): one for sign, one in plain if len(one) == 1})


_SIGNS = {"drop": "", "at": "@", "dot": "."}


def _meaning(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind in _SIGNS:
        return _SIGNS[kind]
    if kind == "entity":
        return html.unescape(found[0])
    return found[kind] if kind == "sign" else chr(int(found[kind], 16))
