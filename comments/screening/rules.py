"""Compiles the editors' rules and matches them against a comment. Pure.

Words are looked up in sets, so that ten thousand of them cost what ten do; regular expressions
run under a time limit each and all together, and what they did not get to see is said.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import regex

from comments.screening.contribution import Contribution
from comments.screening.spam import words
from core.text import plain

# Seconds of a regular expression on one comment, and of all of them together.
ONE_LIMIT, ALL_LIMIT = 0.05, 0.25
_FLAGS = regex.IGNORECASE | regex.MULTILINE


class RuleLike(Protocol):
    """What a stored rule says; `target` and `match` are those of `comments.models`."""

    pk: int
    target: str
    match: str
    pattern: str
    effect: str


@dataclass(frozen=True)
class Caught:
    """A rule that a comment met, and the words that met it."""

    rule: RuleLike
    found: str


class Broken(ValueError):
    """A pattern that cannot be used; the message says why, in English for regex's own words."""


@dataclass
class RuleSet:
    """Rules made ready by `prepare`."""

    phrases: dict[str, dict[tuple[str, ...], RuleLike]] = field(default_factory=dict)
    # The lengths that phrases have, by target.
    lengths: dict[str, set[int]] = field(default_factory=dict)
    parts: list[tuple[str, str, RuleLike]] = field(default_factory=list)
    expressions: list[tuple[str, regex.Pattern[str], RuleLike]] = field(default_factory=list)

    def check(self, facts: Contribution) -> tuple[list[Caught], bool]:
        """Every rule that `facts` meets, and whether some took too long to be tried."""
        # By the values of `comments.models.Target`.
        parts = {"text": facts.text, "name": facts.name, "email": facts.email}
        parts["link"] = "\n".join(facts.links)
        plain_parts = {target: plain(value) for target, value in parts.items() if value}
        caught = [
            Caught(rule, " ".join(phrase))
            for target, phrases in self.phrases.items()
            for phrase, rule in self._phrases_in(plain_parts.get(target, ""), target, phrases)
        ]
        caught += [
            Caught(rule, part)
            for target, part, rule in self.parts
            if part in plain_parts.get(target, "")
        ]
        slow = False
        end = time.monotonic() + ALL_LIMIT
        for target, expression, rule in self.expressions:
            left = min(ONE_LIMIT, end - time.monotonic())
            if left <= 0:
                slow = True
                break
            try:
                hit = expression.search(plain_parts.get(target, ""), timeout=left)
            except TimeoutError:
                slow = True
                continue
            if hit and hit[0]:
                caught.append(Caught(rule, hit[0][:60]))
        return caught, slow

    def _phrases_in(
        self, text: str, target: str, phrases: dict[tuple[str, ...], RuleLike]
    ) -> list[tuple[tuple[str, ...], RuleLike]]:
        spoken = words(text)
        runs = {
            tuple(spoken[start : start + length])
            for length in self.lengths[target]
            for start in range(len(spoken) - length + 1)
        }
        return [(run, phrases[run]) for run in sorted(runs & phrases.keys())]


def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """The regular expression, without accents as what it is tried on. Raises `Broken`."""
    try:
        compiled = regex.compile(plain_pattern(pattern), _FLAGS)
        empty = compiled.search("", timeout=ONE_LIMIT)
    except (regex.error, TimeoutError, OverflowError, RecursionError) as error:
        raise Broken(str(error)) from error
    if empty:
        raise Broken("matches everything")
    return compiled


def plain_pattern(pattern: str) -> str:
    r"""`pattern` without accents; its capitals stay, as `\W` is not `\w`."""
    return "".join(plain(sign) or sign if ord(sign) > 127 else sign for sign in pattern)


def check_pattern(match: str, pattern: str) -> None:
    """Raises `Broken` when `pattern` cannot be used as a `match`."""
    if match == "regex":
        compile_pattern(pattern)
    elif match == "word" and not words(pattern):
        raise Broken("no word")
    elif match == "part" and len(plain(pattern).strip()) < 2:
        raise Broken("too short")


def prepare(rules: Iterable[RuleLike]) -> RuleSet:
    """The rules, ready to be tried; one that cannot be read (any more) is left out."""
    ready = RuleSet()
    for rule in rules:
        if rule.match == "word":
            phrase = tuple(words(rule.pattern))
            if phrase:
                ready.phrases.setdefault(rule.target, {})[phrase] = rule
                ready.lengths.setdefault(rule.target, set()).add(len(phrase))
        elif rule.match == "part":
            part = plain(rule.pattern).strip()
            if part:
                ready.parts.append((rule.target, part, rule))
        else:
            try:
                ready.expressions.append((rule.target, compile_pattern(rule.pattern), rule))
            except Broken:
                continue
    return ready


def strongest(caught: Sequence[Caught]) -> Caught | None:
    """The one whose effect goes furthest: refuse, spam, hold."""
    order = ("refuse", "spam", "hold")
    return min(caught, key=lambda one: order.index(one.rule.effect), default=None)
