"""Somebody's names in others' texts, however they are spelt: found by their words. Pure.

Accents, capitals, markup, white space and the order of the words make no difference; ordinary words
that are a name in other places stay: a name in another order, or with one telling word alone, is
one only with its capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.text import plain, plain_with_places

WORD = re.compile(r"[^\W_]+")
# Between two words of a name: white space, hyphens and what marks text up; a dot without a blank.
_BETWEEN = r"(?:[\s*_~`'’>()\[\]|/\\–—-]{1,10}|\.)"
_COMMA = rf"(?:{_BETWEEN}|[*_]{{0,4}},\s{{0,4}}[*_]{{0,4}})"
_LAST = r"(?:['’]?s)?(?![^\W_])"
_PARTICLES = frozenset(
    [
        "de",
        "den",
        "der",
        "des",
        "het",
        "te",
        "ten",
        "ter",
        "van",
        "von",
        "la",
        "le",
        "du",
        "l",
        "d",
        "s",
        "t",
        "the",
        "a",
        "an",
        "en",
        "of",
    ]
)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, the same for each of its spellings."""
    return tuple(sorted(WORD.findall(plain(name))))


class Names:
    """Finds each of some names of one person."""

    def __init__(self, names: Iterable[str]) -> None:
        loose: set[str] = set()
        strict: set[str] = set()
        joined: set[str] = set()
        for name in names:
            words = WORD.findall(plain(name))
            if not words:
                continue
            telling = sum(word not in _PARTICLES for word in words) > 1
            (loose if telling else strict).add(_BETWEEN.join(words))
            turned = (words[at:] + words[:at] for at in range(1, len(words)))
            strict |= {_COMMA.join(one) for one in turned}
            joined.add("".join(words))
        self._patterns = [
            (
                re.compile(
                    rf"(?<![^\W_])(?:{'|'.join(sorted(parts, key=len, reverse=True))}){_LAST}"
                ),
                fits,
            )
            for parts, fits in ((loose, _always), (strict, _has_capitals), (joined, _is_run_on))
            if parts
        ]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where one of the names stands in `text`."""
        if not self._patterns:
            return
        folded, places = plain_with_places(text)
        for pattern, fits in self._patterns:
            for found in pattern.finditer(folded):
                start, end = places[found.start()], places[found.end()]
                if fits(text, start, end):
                    yield start, end


def _always(_text: str, _start: int, _end: int) -> bool:
    return True


def _has_capitals(text: str, start: int, end: int) -> bool:
    """Whether every telling word begins with a capital."""
    words = WORD.findall(text[start:end])
    return all(word[0].isupper() for word in words if plain(word) not in {*_PARTICLES, "s"})


def _is_run_on(text: str, start: int, end: int) -> bool:
    """Whether words that stand together are meant to be several: "@jandeboer", "JanDeBoer"."""
    said = text[start:end]
    return text[start - 1 : start] in ("@", "#") or (
        not said.isupper() and sum(sign.isupper() for sign in said) > 1
    )
