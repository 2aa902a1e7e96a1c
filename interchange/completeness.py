"""Whether every word of a text that was converted stands in what was made of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import unescape
from typing import Final

from lxml import etree

from interchange.elements import texts_outside

_WORD: Final = re.compile(r"\w+")
_TAG: Final = re.compile(r"<[^<>]*>")
MOST_LOST: Final = 20
"""Lost words that are named."""
MOST_SEARCHES: Final = 200
"""Words out of their order that are looked for from the start of a text."""


def words_in(root: etree._Element, *, silent: Collection[str]) -> list[str]:
    """The words of `root` in their order, piece by piece; `silent` names elements whose words
    nobody reads: scripts, what a player says to who cannot play. The caption of a picture goes to
    the library with it."""

    def is_away(node: etree._Element) -> bool:
        return node.tag in silent or (node.tag == "figcaption" and _has_picture(node))

    return [word for text in texts_outside(root, is_away) for word in _WORD.findall(text)]


def _has_picture(caption: etree._Element) -> bool:
    figure = next(caption.iterancestors("figure"), None)
    return figure is not None and next(figure.iter("img"), None) is not None


def lost(words: Sequence[str], made: str) -> list[str]:
    """Those of `words` that the HTML `made` does not hold, the first `MOST_LOST` of them.

    What only marked words may be gone, so letters are compared without what stands between them.
    """
    letters = "".join(_WORD.findall(unescape(_TAG.sub("", made))))
    missing: list[str] = []
    at = searches = 0
    for word in words:
        found = letters.find(word, at, at + 2_000)
        if found < 0:
            searches += 1
            if searches > MOST_SEARCHES:
                break
            found = letters.find(word)
            if found < 0:
                missing.append(word)
                if len(missing) >= MOST_LOST:
                    break
                continue
        at = found + len(word)
    return missing
