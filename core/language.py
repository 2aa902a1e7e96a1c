"""Says in which of the site's languages a text is written, by its commonest words.

Enough to let a screen reader pronounce a comment and a search find it: two languages that the
site speaks, told apart by some sixty words each, in one pass over bounded text. Whatever is short,
mixed or in a third language is said to be in the language of what surrounds it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LONGEST: Final = 2_000
"""Characters that are looked at."""
FEWEST: Final = 3
"""Common words that a text must have."""

# Words that say nothing because both languages have them ("is", "in", "we", "was", "of", "over",
# "want", "me", "had") stand in neither list.
_COMMON_WORDS: Final = {
    "nl": (
        "de het een en van ik dat niet te op met voor zijn er maar om ook als dan bij nog uit naar"
        " heb hebben heeft wat wel geen wordt worden deze dit wij u je jij mijn mij zo zou zouden"
        " moet moeten aan hij zij haar hun waar waarom hoe veel meer omdat daar toch alleen kan"
        " kunnen zich ons onze jullie iets niets al nu toen door tot tegen onder"
    ),
    "en": (
        "the and to that it you for are with this have not but they be from what there their would"
        " can my your an as at i by or if which when who how why has been were will its his she"
        " them our us about because does did doing than then some any only just should could do no"
        " more these those where here very"
    ),
}
_COMMON: Final = {code: frozenset(words.split()) for code, words in _COMMON_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def language_of(text: str, otherwise: str) -> str:
    """The code of the language that `text` is surely in, or `otherwise`.

    Lines that quote, marked by ">", say nothing about who answers them.
    """
    words = _WORD.findall(_QUOTED.sub("", text[:LONGEST]).casefold())
    found = {code: sum(word in common for word in words) for code, common in _COMMON.items()}
    best = max(found, key=found.__getitem__)
    hits = found[best]
    others = sum(found.values()) - hits
    # Running text in a known language is for a third or more of such words; one in a language
    # that is not known shares some with each.
    sure = hits >= FEWEST and hits * 5 >= len(words) and hits >= 3 * others
    return best if sure else otherwise


@lru_cache(maxsize=256)
def language_of_setting(text: str, otherwise: str) -> str:
    """The same for a text that page after page shows: a tagline, a bio."""
    return language_of(text, otherwise)
