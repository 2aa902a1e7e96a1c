"""What a reader typed into the search field, as terms; nothing here knows a model.

The Dutch stemmer of PostgreSQL (Porter's for Dutch) parts words that belong together: "huis"
stays, "huizen" becomes "huiz"; "brug" stays, "bruggen" becomes "brugg". Dutch spelling makes
these pairs by rule (a final s or f turns z or v before an ending, a consonant doubles after a
short vowel), so `variants` undoes the rule on the stem. The plurals that no rule of spelling says
(stad and steden, kind and kinderen) are few: `irregular` knows them, at the end of compounds too.
"""

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
# Stems shorter than this change their meaning with their last letter: "les" and "lez(en)".
_SHORTEST_STEM: Final = 4
_ALTERNATING: Final = re.compile(r"(.*?)(ss|s|z|ff|f|v)$")
_DOUBLING: Final = re.compile(r"(.*?)(([bglmnpr])\3?)$")


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
        text = (found["phrase"] or found["word"] or "").replace("'", " ").replace("\\", " ")
        text = " ".join(text.split())
        if not any(character.isalnum() for character in text):
            continue
        term = Term(text, phrase=bool(found["phrase"]), excluded=bool(found["minus"]))
        if term not in terms:
            terms.append(term)
    return terms[:MAX_TERMS]


def variants(stem: str) -> set[str]:
    """The stem itself and what the Dutch stemmer makes of the same word with other endings."""
    if len(stem) < _SHORTEST_STEM or not (stem.isascii() and stem.isalpha()):
        return {stem}
    if match := _ALTERNATING.match(stem):
        letters = "sz" if match[2][0] in "sz" else "fv"
        return {match[1] + end for end in (letters[0], letters[1], 2 * letters[0])}
    if match := _DOUBLING.match(stem):
        return {match[1] + match[3], match[1] + 2 * match[3]}
    return {stem}


# Nouns whose plural changes the vowel or ends in -eren.
_IRREGULAR: Final = (
    ("stad", "steden"),
    ("lid", "leden"),
    ("schip", "schepen"),
    ("smid", "smeden"),
    ("kind", "kinderen"),
    ("blad", "bladeren"),
    ("lied", "liederen"),
    ("goed", "goederen"),
    ("volk", "volkeren"),
    ("rund", "runderen"),
    ("kalf", "kalveren"),
    ("been", "beenderen"),
    ("lam", "lammeren"),
    ("rad", "raderen"),
    ("ei", "eieren"),
)
# The shortest end too many other words ("klei", "vallei").
_IN_COMPOUNDS: Final = 3


def irregular(word: str) -> set[str]:
    """The singular of an irregular plural and the other way round: "bestuurslid", "-leden"."""
    found = set()
    for singular, plural in _IRREGULAR:
        for ending, other in ((singular, plural), (plural, singular)):
            if word == ending or (len(singular) >= _IN_COMPOUNDS and word.endswith(ending)):
                found.add(word.removesuffix(ending) + other)
    return found


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
