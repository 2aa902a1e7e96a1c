"""The other forms of a Dutch word: plural, diminutive, endings of adjectives and of verbs.

A word is looked up in OpenTaal's list (`building`), whose flags say how each word inflects. What
the list does not hold is taken as a compound, which inflects as its last part does: "adviezen" in
"organisatieadviezen". What no rule of the list says (strong verbs, "stad" and "steden") is in
`irregular`. Nothing is guessed of a word that is not Dutch.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from core.dutch.irregular import NOUNS, PREFIXES, VERBS
from core.text import fold

DATA: Final = Path(__file__).with_name("words.txt.gz")
MOST: Final = 60
"""Forms of one word; more say the same."""
LONGEST: Final = 40
"""Letters of a word that is looked up."""
# The shortest last part of a compound: below it, parts are of another word ("en", "ste").
_SHORTEST_PART: Final = 4
_LONGEST_ENDING: Final = 6
_VOWELS: Final = frozenset("aeiou")
_STEM_FLAGS: Final = frozenset({"V3", "Vp", "Vq"})


@dataclass(frozen=True, slots=True)
class Ending:
    """At the end of a word that `fits`, `goes` becomes `comes`."""

    flag: str
    goes: str
    comes: str
    ends: tuple[tuple[bool, str], ...]

    def fits(self, word: str) -> bool:
        """Whether the word ends as the rule asks."""
        if not self.ends:
            return True
        tail = word[-len(self.ends) :]
        return len(tail) == len(self.ends) and all(
            (sign in signs) == wanted for sign, (wanted, signs) in zip(tail, self.ends, strict=True)
        )

    def applied(self, word: str) -> str:
        """The form."""
        return word.removesuffix(self.goes) + self.comes


@dataclass(frozen=True, slots=True)
class WordList:
    """Flags by word, rules by flag and by the ending that they leave."""

    flags: dict[str, str]
    by_flag: dict[str, list[Ending]]
    by_ending: dict[str, list[Ending]]

    def has(self, word: str, flag: str) -> bool:
        """Whether the list gives the word that inflection."""
        marks = self.flags.get(word, "")
        return any(marks[at : at + 2] == flag for at in range(0, len(marks), 2))

    def is_stem(self, word: str) -> bool:
        """Whether it is what a verb's endings are added to: "werk", "schrijf"."""
        return any(self.has(word, flag) for flag in _STEM_FLAGS)

    def bases(self, word: str) -> set[str]:
        """The entries of which `word` is a form."""
        found = {word} if word in self.flags else set()
        for size in range(1, min(_LONGEST_ENDING, len(word) - 1) + 1):
            for rule in self.by_ending.get(word[-size:], ()):
                base = word[:-size] + rule.goes
                if rule.fits(base) and self.has(base, rule.flag):
                    found.add(base)
        found |= {base for base in _participle_bases(word) if self._weak(base, word)}
        if word.endswith("t") and self.is_stem(word[:-1]):
            found.add(word[:-1])
        return found

    def _weak(self, base: str, participle: str) -> bool:
        end = participle.removesuffix("e")[-1]
        return self.has(base, "Vp" if end == "d" else "Vq") or (
            base.endswith(end) and self.is_stem(base)
        )

    def paradigm(self, base: str) -> Iterator[str]:
        """The entry with its endings, and the other entries of the same verb."""
        yield base
        marks = self.flags.get(base, "")
        for at in range(0, len(marks), 2):
            for rule in self.by_flag.get(marks[at : at + 2], ()):
                if rule.fits(base):
                    yield rule.applied(base)
        if self.is_stem(base):
            yield from _first(_infinitives(base), lambda word: self.has(word, "Vi"))
            yield base if base.endswith("t") else f"{base}t"
            end = "d" if self.has(base, "Vp") else "t"
            if self.has(base, "Vp") or self.has(base, "Vq"):
                participle = base if base.endswith(end) else base + end
                yield from (participle, f"{participle}e", f"ge{participle}", f"ge{participle}e")

    def stems(self, infinitive: str) -> set[str]:
        """What the endings of a verb are added to, of the verb in its infinitive."""
        if not self.has(infinitive, "Vi"):
            return set()
        return set(_first(_stem_candidates(infinitive), self.is_stem))


def _participle_bases(word: str) -> Iterator[str]:
    """What "gewerkt", "gewerkte", "veranderd" may be made of; also where the d or t is the
    verb's own ("gepraat")."""
    participle = word[:-1] if word.endswith(("de", "te")) else word
    if not participle.endswith(("d", "t")) or len(participle) < 4:
        return
    inner = participle.removeprefix("ge")
    for whole in {participle, inner}:
        yield whole[:-1]
    if inner != participle:
        yield inner


def _infinitives(stem: str) -> Iterator[str]:
    """How a stem may be spelt before "en", the likeliest first: loop and lopen, lees and lezen,
    stop and stoppen, verander and veranderen."""
    if len(stem) < 3:
        yield f"{stem}n"
        return
    start, end = stem[:-1], stem[-1]
    soft = {"s": "z", "f": "v"}.get(end, end)
    if start[-1] in _VOWELS and start[-2] == start[-1]:
        yield from (f"{start[:-1]}{soft}en", f"{start[:-1]}{end}en")
    elif start[-1] in _VOWELS and start[-2] not in _VOWELS:
        yield f"{stem}{end}en"
        if _syllables(stem) == 1:
            return
    yield from (f"{start}{soft}en", f"{stem}en", f"{stem}n")


def _stem_candidates(infinitive: str) -> Iterator[str]:
    """The other way round: what may have become this before "en", the likeliest first."""
    start, end = infinitive[:-3], infinitive[-3:-2]
    if infinitive.endswith("en") and len(start) > 1:
        hard = {"z": "s", "v": "f"}.get(end, end)
        if start[-1] == end:
            yield start
        elif start[-1] in _VOWELS and (start[-2] not in _VOWELS or start[-1] == "e"):
            yield f"{start}{start[-1]}{hard}"
            if start[-2] not in _VOWELS and _syllables(start) == 1:
                return
        yield from (start + hard, start + end)
    yield infinitive.removesuffix("n")


def _syllables(word: str) -> int:
    """The groups of vowels in it."""
    return sum(
        sign in _VOWELS and before not in _VOWELS
        for before, sign in zip(" " + word, word, strict=False)
    )


def _first(words: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    """The first of the words that is known, or none."""
    return [word for word in words if known(word)][:1]


def _ends(text: str) -> tuple[tuple[bool, str], ...]:
    """`[^aeo]s` as pairs: whether the letter is one of these, and which."""
    if text == ".":
        return ()
    found: list[tuple[bool, str]] = []
    while text:
        if text[0] == "[":
            inner, _close, text = text[1:].partition("]")
            found.append((not inner.startswith("^"), inner.removeprefix("^")))
        else:
            found.append((True, text[0]) if text[0] != "." else (False, ""))
            text = text[1:]
    return tuple(found)


@cache
def word_list() -> WordList:
    """The list, read once for the life of the process: some 10 MB."""
    by_flag: dict[str, list[Ending]] = defaultdict(list)
    by_ending: dict[str, list[Ending]] = defaultdict(list)
    head, _blank, rest = gzip.decompress(DATA.read_bytes()).decode().partition("\n\n")
    for line in head.splitlines():
        flag, goes, comes, ends = line.split()
        rule = Ending(flag, goes.removeprefix("-"), comes, _ends(ends))
        by_flag[flag].append(rule)
        by_ending[comes].append(rule)
    marks: dict[str, str] = {}
    flags = {}
    for line in rest.splitlines():
        word, flag = line.split()
        # Few combinations, each kept once.
        flags[word] = marks.setdefault(flag, flag)
    return WordList(flags, dict(by_flag), dict(by_ending))


@cache
def _irregular(lines: str) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for line in lines.splitlines():
        group = tuple(line.split())
        for word in group:
            found[word].add(group)
    return dict(found)


def _irregular_forms(word: str) -> set[str]:
    """What the rules do not make of it: "bestuursleden" of "bestuurslid", "beschreef" of
    "beschrijven"."""
    found: set[str] = set()
    nouns, verbs = _irregular(NOUNS), _irregular(VERBS)
    for start in range(max(len(word) - 1, 0)):
        first, last = word[:start], word[start:]
        groups = set[tuple[str, ...]]()
        if not first or len(last) > 2:
            groups |= nouns.get(last, set())
        if not first or first in PREFIXES:
            groups |= verbs.get(last, set())
        found |= {first + one for group in groups for one in group}
    return found


def _whole(word: str) -> set[str]:
    """The forms of a word that is in the lists."""
    words = word_list()
    bases = words.bases(word)
    for base in list(bases):
        bases |= words.stems(base)
    found = {form for base in bases for form in words.paradigm(base)}
    if words.has(word, "Vi"):
        # Of "afvragen" the list has no more than that: it is conjugated as "vragen" is.
        for size in range(2, len(word) - _SHORTEST_PART + 1):
            if word[:size] in PREFIXES:
                found |= {word[:size] + form for form in _whole(word[size:])}
    return found.union(*(_irregular_forms(base) for base in {word, *bases}))


def _softened(word: str) -> str:
    """A plural that is spelt as its singular is: "huisen" is "huizen"."""
    for hard, soft in (("sen", "zen"), ("fen", "ven")):
        if word.endswith(hard):
            return word.removesuffix(hard) + soft
    return word


@lru_cache(maxsize=4096)
def forms_of(word: str) -> frozenset[str]:
    """The forms of a word, itself among them, all in small letters without accents.

    At most `MOST`. The word alone when the lists say nothing about it.
    """
    word = fold(word)
    if not (word.isascii() and word.isalpha() and len(word) <= LONGEST):
        return frozenset({word})
    found = _whole(word) or _whole(_softened(word))
    for start in range(1, len(word) - _SHORTEST_PART + 1):
        if found:
            break
        found = {word[:start] + form for form in _whole(word[start:])}
    by_length = sorted(found - {word}, key=lambda form: (len(form), form))
    return frozenset([word, *by_length[: MOST - 1]])
