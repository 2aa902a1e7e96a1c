"""How much a comment looks like spam: a filter that learns from decisions. Pure.

A comment is a set of features: its words and pairs of words, the hosts that it links to, how
many links, how fast it was typed. Each feature's counts in spam and in wanted comments give its
probability, smoothed as Gary Robinson proposed ("A Statistical Approach to the Spam Problem",
Linux Journal 107, 2003); the most telling ones are combined with Fisher's method into a score
from 0 (wanted) to 1 (spam), where 0.5 is "cannot tell".
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from comments.screening.contribution import LINK, Contribution
from core.text import plain

# Above it a comment is held; what the published error rates are counted at.
THRESHOLD = 0.9
# The feature that counts the comments themselves.
TOTAL = ""
_MAX_FEATURES = 300
_MAX_CLUES = 40
# Robinson's s and x: how strongly an unknown feature pulls to "cannot tell".
_STRENGTH, _UNKNOWN = 0.6, 0.5
# Clues nearer to the middle say nothing.
_TELLING = 0.1
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_EXCLAIMING = re.compile(r"[!?]{3}")
_MONEY = re.compile(r"[$€£]\s?\d|\d\s?[$€£%]")
_STARTER = Path(__file__).parent / "starter"


class WordCounts(NamedTuple):
    """In how many spam and wanted comments a feature was seen."""

    spam: int = 0
    ham: int = 0


@dataclass(frozen=True)
class Verdict:
    """The score, 0 to 1, and the features that pointed to spam, the most telling first."""

    score: float
    reasons: tuple[str, ...] = ()


class Scorer(Protocol):
    """Anything that says how much a comment looks like spam."""

    def __call__(self, facts: Contribution, /) -> Verdict:
        """The verdict; 0.5 when there is nothing to say. Never raises."""


def words(text: str) -> list[str]:
    """The words of `text`, without capitals, accents and dressed-up letters."""
    return _WORD.findall(plain(text))


def features(facts: Contribution) -> frozenset[str]:
    """What `facts` is counted by: at most 300 short strings.

    Plain words have no colon; everything else says what it is: `pair:`, `name:`, `host:`,
    `links:`, `speed:`, `shape:`.
    """
    addresses = facts.links
    spoken = [word for word in words(LINK.sub(" ", facts.text)) if 1 < len(word) <= 30]
    spoken = spoken[: _MAX_FEATURES // 3]
    found = {f"links:{min(len(addresses), 4)}"}
    found.update(spoken)
    found.update(f"pair:{one} {two}" for one, two in itertools.pairwise(spoken) if one != two)
    found.update(f"name:{word}" for word in words(facts.name)[:6] if len(word) <= 30)
    found.update(f"host:{host}" for host in map(_host, addresses[:20]) if host)
    found.update(_shape(LINK.sub(" ", facts.text), spoken))
    if facts.seconds is not None and facts.seconds < 5:
        found.add("speed:fast")
    return frozenset(word[:64] for word in sorted(found)[:_MAX_FEATURES])


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")[:50]


def _shape(text: str, spoken: list[str]) -> set[str]:
    letters = [sign for sign in text if sign.isalpha()]
    found = set()
    if len(letters) > 12 and sum(map(str.isupper, letters)) > len(letters) / 2:
        found.add("shape:capitals")
    if _EXCLAIMING.search(text):
        found.add("shape:exclaiming")
    if _MONEY.search(text):
        found.add("shape:money")
    if letters and sum(sign > "\u024f" for sign in letters) > len(letters) / 2:
        found.add("shape:other script")
    if len(spoken) > 60:
        found.add("shape:long")
    return found


def verdict(found: Iterable[str], counts: Mapping[str, WordCounts]) -> Verdict:
    """What the `found` features make of a comment, given the `counts` of those known."""
    total = counts.get(TOTAL, WordCounts())
    if not total.spam or not total.ham:
        return Verdict(0.5)
    clues = []
    for word in found:
        tally = counts.get(word)
        if tally is None or not (tally.spam or tally.ham):
            continue
        chance = _probability(tally, total)
        if abs(chance - 0.5) >= _TELLING:
            clues.append((abs(chance - 0.5), word, chance))
    clues.sort(reverse=True)
    clues = clues[:_MAX_CLUES]
    if not clues:
        return Verdict(0.5)
    spam = _fisher([1 - chance for _weight, _word, chance in clues])
    ham = _fisher([chance for _weight, _word, chance in clues])
    reasons = tuple(word for _weight, word, chance in clues if chance > 0.6)
    return Verdict((1 + spam - ham) / 2, reasons)


def _probability(tally: WordCounts, total: WordCounts) -> float:
    spam, ham = tally.spam / total.spam, tally.ham / total.ham
    seen = tally.spam + tally.ham
    return (_STRENGTH * _UNKNOWN + seen * spam / (spam + ham)) / (_STRENGTH + seen)


def _fisher(chances: list[float]) -> float:
    """How little the `chances` look like chance: 1 minus the chi-squared tail."""
    half = -sum(map(math.log, chances))
    term = tail = math.exp(-half)
    for step in range(1, len(chances)):
        term *= half / step
        tail += term
    return 1 - min(tail, 1.0)


def readable(reasons: Iterable[str]) -> str:
    """The first few reasons as one line: "links:3, casino, bonus"."""
    shown: list[str] = []
    for reason in reasons:
        word = reason.removeprefix("pair:")
        if not any(word in other for other in shown):
            shown.append(word)
    return ", ".join(shown[:5])


def tallies(spam: Iterable[Contribution], ham: Iterable[Contribution]) -> dict[str, WordCounts]:
    """The counts after seeing these comments."""
    seen: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for counter, group in zip(seen, (spam, ham), strict=True):
        for facts in group:
            counter.update(features(facts) | {TOTAL})
    return {word: WordCounts(seen[0][word], seen[1][word]) for word in seen[0] | seen[1]}


@lru_cache(maxsize=1)
def starter() -> Mapping[str, WordCounts]:
    """The counts that a new site begins with: comments made up for it, Dutch and English."""
    groups = (
        [Contribution(line) for line in (_STARTER / name).read_text().splitlines() if line.strip()]
        for name in ("spam.txt", "ham.txt")
    )
    return tallies(*groups)
