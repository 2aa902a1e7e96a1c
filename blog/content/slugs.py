"""Slugs: the readable end of an address."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_APOSTROPHES = re.compile(r"['’]")
_OTHER = re.compile(r"[^a-z0-9]+")


MAX_LENGTH = 80
_LIGATURES = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ß": "ss",
        "đ": "d",
        "ł": "l",
        "ĳ": "ij",
        "þ": "th",
        "&": " en ",
    }
)
# Words that stand for pages of their own below an article's or the site's address.
RESERVED = frozenset({"feed", "comment", "reply", "admin", "search", "tag", "author", "media"})


def slug_from(text: str, *, longest: int = MAX_LENGTH) -> str:
    """`text` in lower-case ASCII letters, digits and hyphens, cut at a word; may be empty.

    Letters of other scripts are written in Latin ones; signs that are no letters go.
    """
    lowered = text.casefold().translate(_LIGATURES)
    parted = unicodedata.normalize("NFKD", lowered)
    latin = (
        char if char.isascii() else anyascii(char) if unicodedata.category(char)[0] == "L" else ""
        for char in parted
    )
    plain = "".join(latin).lower()
    slug = _OTHER.sub("-", _APOSTROPHES.sub("", plain)).strip("-")
    if len(slug) <= longest:
        return slug
    cut = slug[: longest + 1]
    return cut.rpartition("-")[0] if "-" in cut else slug[:longest]


def unique(stem: str, taken: set[str]) -> str:
    """`stem`, or `stem-2`, `stem-3` … when it is taken or reserved."""
    slug, number = stem, 2
    while slug in taken or slug in RESERVED:
        slug, number = f"{stem}-{number}", number + 1
    return slug
