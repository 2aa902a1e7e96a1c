"""Addresses in people's words: mail programs make links of them, whether we do or not.

No list of top-level domains is asked, as there are new ones every year: letters, a full stop and
letters without a space may be an address. A space behind the full stop makes it none, and mends
what was no address but hasty typing.
"""

from __future__ import annotations

import re
import unicodedata

# Addresses of pages, of people, and of machines by number. Each part of a text without blanks is
# looked at from its beginning alone, and no part is given back: the work grows with the text.
_ADDRESSES = re.compile(
    r"(?<![a-z0-9+.-])[0-9+.-]*+[a-z][a-z0-9+.-]*+://\S+|www\.\S+"
    r"|(?<![^\s@])[^\s@]++@++\.*+[^\s@.]++\.++[^\s@]\S*"
    r"|(?<!\d)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)\S*|\blocalhost[:/]\S*",
    re.I,
)
# Full stops of all scripts, and what may pass for one.
_STOPS = ".\u3002\uff0e\uff61\u2024\ufe52\u06d4\u0701\u0702\u2027\u2219\u2022\xb7"
# Labels and stops: what shows as nothing and the marks of scripts do not part them.
_RUN = re.compile(rf"[\w{_STOPS}\xad\u0300-\u036f\u0900-\u109f\u200b-\u200d\u2060-]+")
_STOP = re.compile(f"([{_STOPS}])")
_BEFORE_STOP = re.compile(rf"\s(?=[{_STOPS}][^\W\d_]{{2}})")
_SHORTENED = frozenset(
    ["dr", "drs", "ir", "ing", "mr", "mrs", "ms", "prof", "st", "dhr", "mw", "mevr", "ds"]
)


def quiet(text: str, instead: str) -> str:
    """`text` with `instead` for addresses, and a space behind each stop within what may be one."""
    return _RUN.sub(_spaced, _ADDRESSES.sub(instead, text))


def name_of(name: str) -> str:
    """`name` without its words that may be addresses; empty when no name is left."""
    text = _BEFORE_STOP.sub("", unicodedata.normalize("NFKC", name))
    words = text.split()
    left = [said for word in words if (said := _said(word))]
    if left == words:
        return name
    said = " ".join(left).strip(" -–—|/:;,<>()[]")
    return said if sum(ch.isalpha() for ch in said) > 1 else ""


def _said(word: str) -> str:
    """`word` of a name; J.P. Bakker for J.P.Bakker, and nothing for an address."""
    if "@" in word or "://" in word or word.lower().startswith("www.") or _ADDRESSES.search(word):
        return ""
    spaced = _RUN.sub(_spaced, word)
    if spaced == word:
        return word
    first, *more, last = (label for label in _STOP.split(word) if label.strip(_STOPS))
    titled = last.istitle() and (
        first.lower() in _SHORTENED or all(len(one) == 1 for one in (first, *more))
    )
    return spaced if titled else ""


def _spaced(found: re.Match[str]) -> str:
    parts = _STOP.split(found[0])
    for place in range(2, len(parts), 2):
        before, stop, label = parts[place - 2 : place + 1]
        # A middle dot stands in words of Catalan: "col·lecció".
        catalan = stop == "\xb7" and before[-1:].lower() == label[:1].lower() == "l"
        if before and len(label) > 1 and label[0].isalpha() and not catalan:
            parts[place] = f" {label}"
    return "".join(parts)
