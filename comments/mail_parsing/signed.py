"""Signed links in texts that came by mail, however they were cut, rewritten or encoded.

A link is known by its shape: Django's signed values are a payload, a time and a signature, with
colons between. Programs break it at a width and put signs of quoting before its parts; gateways
encode its colons. So it is looked for in decoded copies of the text, without blanks.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import re
from collections.abc import Iterable

from comments.mail_parsing.copies import BLANK, Copy, Span, copy_of

_SIGNED = re.compile(r":(?P<time>[0-9A-Za-z]{5,8}):(?P<signature>[0-9A-Za-z_:-]{16,43})")
# What is left below a line on which the rest of it was.
_SIGNATURE = re.compile(r":(?P<signature>[0-9A-Za-z_-]{43})(?![0-9A-Za-z_-])")
_ENCODED_LINK = re.compile(r"aHR0c[0-9A-Za-z_+/-]{30,3000}")
_TAIL = re.compile(r"(?:[?&]|&amp;)s?data=[^\s<>()\[\]]{0,2000}", re.I)
_WORD = re.compile(r"[^\s<>()\[\]]+")
_HEX = re.compile(r"[0-9a-f]{12,}", re.I)
_BREAK = re.compile(r"[ \t]{0,20}\r?\n[ \t>|]{0,20}")
_URL_PART = re.compile(r"[\w%&=/.#?;!$+:~-]{1,500}[>)\]]{0,2}(?!\S)")
_PAYLOAD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_LONGEST, _MOST_PIECES, _LINE = 600, 12, 20
_GRAM = 8
"""As many characters of an address in base64 are not there by chance."""


def spans(text: str, mailboxes: Iterable[str]) -> list[Span]:
    """Where in `text` there are signed links, or one of `mailboxes` in base64 or in hexadecimal
    digits: whole words, in order and apart from each other."""
    grams = _grams(mailboxes)
    found: list[Span] = []
    # Blanks first: a line may end within the code of a sign.
    bare = copy_of(text).read(BLANK)
    for copy in (bare.decoded(), bare.decoded(dashes=True)):
        for one in _SIGNED.finditer(copy.text):
            if _is_random(text, copy, *one.span("signature")):
                found.append(copy.span(_payload(text, copy, one.start()), one.end()))
        found += (
            copy.span(one.start(), one.start() + 5) for one in _ENCODED_LINK.finditer(copy.text)
        )
        found += (
            copy.span(*one.span())
            for one in _SIGNATURE.finditer(copy.text)
            if _is_random(text, copy, *one.span("signature"))
        )
        found += _encoded(copy, grams)
        found += (
            copy.span(*one.span())
            for one in _HEX.finditer(copy.text)
            if _is_hidden_in(one[0], mailboxes)
        )
    found += (one.span() for one in _TAIL.finditer(text))
    found += (one.span() for one in _WORD.finditer(text) if one[0].upper().count("%7C") > 1)
    return _words(text, sorted(found))


def _is_hidden_in(digits: str, mailboxes: Iterable[str]) -> bool:
    """Whether hexadecimal digits hold a signature or one of `mailboxes`."""
    for at in (0, 1):
        said = bytes.fromhex(digits[at : len(digits) - (len(digits) - at) % 2]).decode("latin-1")
        if _SIGNED.search(said) or any(one in said.lower() for one in mailboxes):
            return True
    return False


def _gap(text: str, copy: Copy, number: int) -> bool:
    """Whether blanks stood before the character `number`."""
    if not number:
        return True
    between = text[copy.ends[number - 1] : copy.starts[number]]
    return any(sign.isspace() for sign in between)


def _is_random(text: str, copy: Copy, start: int, end: int) -> bool:
    """Whether it looks like a signature and not like words that lost their blanks."""
    gaps = odd = 0
    for number in range(start, end):
        if number > start and _gap(text, copy, number):
            gaps += 1
        elif not copy.text[number].islower() and copy.text[number] != ":":
            odd += 1
    return odd > 2 and gaps <= 1 + (end - start) // 20


def _payload(text: str, copy: Copy, colon: int) -> int:
    """Where the payload begins that ends before `colon`."""
    start = colon
    begins: list[int] = []
    while (
        start > max(0, colon - _LONGEST)
        and copy.text[start - 1] in _PAYLOAD
        and len(begins) < _MOST_PIECES
    ):
        start -= 1
        if _gap(text, copy, start):
            begins.append(start)
            if _is_json(copy.text[start:colon]):
                return start
    if _is_json(copy.text[start:colon]) or not begins:
        return start
    best = begins[0]
    for earlier in (*begins[1:], start):
        if best - earlier < _LINE:
            break
        best = earlier
    return best


def _is_json(payload: str) -> bool:
    try:
        json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return True


def _grams(mailboxes: Iterable[str]) -> frozenset[str]:
    """Pieces of what `mailboxes` are in base64, wherever in a longer text they begin."""
    found = set()
    for mailbox in mailboxes:
        for before in range(3):
            coded = base64.urlsafe_b64encode(b"\0" * before + mailbox.encode()).decode()
            whole = coded.rstrip("=")[: -1 if coded.endswith("=") else None]
            whole = whole[(0, 2, 3)[before] :]
            found |= {whole[at : at + _GRAM] for at in range(len(whole) - _GRAM + 1)}
    return frozenset(found)


def _encoded(copy: Copy, grams: frozenset[str]) -> list[Span]:
    text = copy.text.replace("+", "-")
    found: list[Span] = []
    for gram in grams:
        at = text.find(gram)
        while at >= 0:
            found.append(copy.span(at, at + _GRAM))
            at = text.find(gram, at + _GRAM)
    return found


def _words(text: str, found: Iterable[Span]) -> list[Span]:
    """Each span with the rest of the words that it begins and ends in, and with the parts of the
    same link on the lines around it."""
    made: list[Span] = []
    for start, end in found:
        low = made[-1][1] if made else 0
        if end <= low:
            continue
        start = max(start, low)
        start = _earlier(text, _word_start(text, start, low), low)
        end = _later(text, _word_end(text, end))
        if made and start <= low:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _word_start(text: str, at: int, low: int) -> int:
    while at > low and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return at


def _earlier(text: str, start: int, low: int) -> int:
    """The beginning of a link whose end is on the next line."""
    for _turn in range(_MOST_PIECES):
        above = start
        while above > max(low, start - 40) and (
            text[above - 1].isspace() or text[above - 1] in ">|"
        ):
            above -= 1
        if text[above:start].count("\n") != 1:
            break
        begin = _word_start(text, above, max(low, above - _LONGEST))
        word = text[begin:above]
        if "://" in word:
            return begin
        if len(word) < _LINE or not _looks_cut(word):
            break
        start = begin
    return start


def _later(text: str, end: int) -> int:
    """The end of a link that goes on in the next lines."""
    for _turn in range(_MOST_PIECES):
        gap = _BREAK.match(text, end)
        word = _URL_PART.match(text, gap.end()) if gap else None
        if word is None or "://" in word[0] or not _looks_cut(word[0]):
            break
        end = word.end()
    return end


def _looks_cut(word: str) -> bool:
    """Whether a word is a part of a link and none of a language."""
    odd = sum(sign.isdigit() or sign in "%&=_" for sign in word)
    pairs = itertools.pairwise(word)
    return odd > 1 and (
        any(sign in "%&=" for sign in word)
        or sum(a.islower() and b.isupper() for a, b in pairs) > 1
    )
