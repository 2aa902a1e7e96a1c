"""Normalisation of text that strangers type, and the error for text that is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MAX_MARKS = 4
"""The most combining marks that may stack: no living script needs more, zalgo does."""

# Removed wherever they stand: controls but tab and newline, lone surrogates, noncharacters,
# and what changes the direction of text beyond itself (embeddings, overrides, isolates; the
# deprecated U+206A-206F; annotation anchors; the byte order mark). The plain marks LRM, RLM
# and ALM stay: Hebrew and Arabic need them and they cannot reorder what follows.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

# Letters of Europe, punctuation, symbols and emoji: nothing unwanted is among them, and no mark
# that could stack. Most text is of these alone.
_EASY = re.compile(
    "[\t\n\x20-\x7e\xa0-\u02ff\u2010-\u2027\u2030-\u205f\u20a0-\u20cf\u2100-\u2bff"
    "\U0001f300-\U0001faff]*+"
)

# Letters, symbols and marks by their category, but empty on the screen: fillers of Hangul,
# blank braille, variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


class TextRefused(ValueError):
    """Typed text that cannot be accepted, with words for the person who typed it.

    `message`, `code` and `params` are what `django.core.exceptions.ValidationError` takes;
    the message is translated when it is shown.
    """

    def __init__(self, message: StrPromise, code: str, **params: Any) -> None:
        super().__init__(code)
        self.message = message
        self.code = code
        self.params = params


def number_of(text: object) -> int:
    """A row id from a form field or URL parameter; 0 when it is not a number.

    Digits of other scripts are no number: what is stored, compared and shown must be one text.
    """
    said = str(text)
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def tame(text: str) -> str:
    """`text` in NFC without controls, bidi overrides, noncharacters and stacks of marks.

    Tabs and newlines stay. Tamed text does not change when it is tamed again.
    """
    if _EASY.fullmatch(text):
        return unicodedata.normalize("NFC", text)
    text = _UNWANTED.sub("", text)
    # Before NFC, whose sorting of a long run of marks takes quadratic time; and after it, as a
    # few characters decompose into more marks than they were.
    return _cut_marks(unicodedata.normalize("NFC", _cut_marks(text)))


def plain(text: str) -> str:
    """`text` for comparison: without case, accents and styled letter forms."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def plain_with_places(text: str) -> tuple[str, list[int]]:
    """`plain` of `text` without what does not show; and where each of its characters stood, with
    the end of the text as the last."""
    known = {sign: "" if unicodedata.category(sign) == "Cf" else plain(sign) for sign in set(text)}
    places: list[int] = []
    for at, sign in enumerate(text):
        places += [at] * len(known[sign])
    return "".join(known[sign] for sign in text), [*places, len(text)]


def replaced(text: str, spans: Iterable[tuple[int, int]], words: str) -> str:
    """`text` with `words` for each of the `spans`; those that touch are one."""
    parts: list[str] = []
    done = -1
    for start, end in sorted(spans):
        if start > done:
            parts += (text[max(done, 0) : start], words)
        done = max(done, end)
    return "".join((*parts, text[max(done, 0) :]))


def is_visible(text: str) -> bool:
    """Whether `text` contains a visible character: a letter, digit, sign or emoji."""
    return any(unicodedata.category(ch)[0] in "LNSP" and ch not in _BLANK for ch in text)


def is_blank(ch: str) -> bool:
    """Whether a character that counts as a letter, sign or mark shows as nothing."""
    return ch in _BLANK


def _cut_marks(text: str) -> str:
    if text.isascii():
        return text
    kept = []
    stacked = 0
    for ch in text:
        if ch < "\u0300":
            # The soft hyphen, alone below this, is a format character as below.
            stacked = stacked if ch == "\xad" else 0
        elif unicodedata.combining(ch) or (category := unicodedata.category(ch)) in ("Mn", "Me"):
            stacked += 1
            if stacked > MAX_MARKS:
                continue
        elif category != "Cf":  # A joiner between marks does not end the stack.
            stacked = 0
        kept.append(ch)
    return "".join(kept)


def fold(text: str) -> str:
    """Lower case without accents, as `SearchWord` keeps its words."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in parts if not unicodedata.combining(character))
