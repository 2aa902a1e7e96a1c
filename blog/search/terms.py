"""What a reader typed into the search field, as terms; nothing here knows a model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

MAX_CHARACTERS: Final = 200
MAX_TERMS: Final = 10

_TOKEN: Final = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# "auto's" is the plural of "auto".
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’]s?(?!\w)")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several words that must stand together; `excluded` ones must not occur."""

    text: str
    phrase: bool = False
    excluded: bool = False


def tame_query(query: str) -> str:
    """At most 200 characters on one line, without anything that is not text.

    NUL, other controls, lone surrogates and invisible format characters become spaces; composed
    and decomposed accents become the same.
    """
    # Cap first: nothing below runs over more than a few hundred characters.
    shown = "".join(
        " "
        if unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
        else character
        for character in query[: 2 * MAX_CHARACTERS]
    )
    return " ".join(unicodedata.normalize("NFC", shown).split())[:MAX_CHARACTERS].strip()


def parse_query(query: str) -> list[Term]:
    """The first ten terms of a tamed query: words, "quoted phrases", and -words to leave out.

    Every other sign is no operator here; terms without a letter or digit are dropped.
    """
    terms: list[Term] = []
    for found in _TOKEN.finditer(query):
        text = _APOSTROPHE.sub("", found["phrase"] or found["word"] or "")
        text = text.replace("'", " ").replace("’", " ").replace("\\", " ")
        text = " ".join(text.split())
        if not any(character.isalnum() for character in text):
            continue
        term = Term(text, phrase=bool(found["phrase"]), excluded=bool(found["minus"]))
        if term not in terms:
            terms.append(term)
    return terms[:MAX_TERMS]


def closest(word: str, candidates: Iterable[tuple[str, int]]) -> str | None:
    """The candidate (a word and how often it is used) most like `word`, if any is like it.

    Trigrams choose the candidates; letter by letter comparison chooses among them, because a
    swap of two letters costs a short word most of its trigrams. Ties go to the same letters in
    another order, then to the commoner word.
    """
    letters = sorted(word)
    scored = [
        (
            SequenceMatcher(None, word, candidate, autojunk=False).ratio(),
            sorted(candidate) == letters,
            uses,
            candidate,
        )
        for candidate, uses in candidates
    ]
    best = max(scored, default=(0.0, False, 0, ""))
    return best[-1] if best[0] >= 0.65 else None
