"""What is known of the mail that is answered: its words, its runs of words, its addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comments.mail_parsing import phrases
from comments.mail_parsing.lines import Line

WORD = re.compile(r"[^\W\d_]{3,}")
RUN = 6
"""As many words in a row as in a mail of ours are ours."""
_LONGEST_WORD = 40
_SHORTEST_PHRASE = 8
_TOKEN_PART = 16


@dataclass(frozen=True)
class Known:
    """What is known of the mail that is answered: the words that it had and their runs, our
    phrases around somebody's words, our addresses and the writer's (these in `own` as well), what
    they are called, and under which name (in small letters) the mail came."""

    words: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    runs: frozenset[tuple[str, ...]] = frozenset()
    phrases: frozenset[str] = frozenset()
    sender: str = ""
    own: frozenset[str] = frozenset()

    def is_ours(self, text: str) -> bool:
        """Whether one of our addresses is in `text`, or the name that our mail came under."""
        small = text.lower()
        named = bool(self.sender) and self.sender in " ".join(small.split())
        return named or any(one in small for one in self.addresses - self.own)

    def is_most_of_ours(self, text: str) -> bool:
        """Whether `text` is most of what our mail said."""
        return 2 * len(runs_of(text) & self.runs) > len(self.runs)

    def is_phrase(self, text: str) -> bool:
        """Whether a line is, or is a part of, what we write around somebody's words."""
        small = phrases.folded(text)
        return len(small) >= _SHORTEST_PHRASE and any(
            small in one or small.startswith(one) for one in self.phrases
        )

    def is_strange(self, text: str) -> bool:
        """Whether most words of a line were in no mail of ours."""
        words = plain_words(text)
        return 2 * sum(word not in self.words for word in words) > len(words)


def words_of(text: str) -> frozenset[str]:
    """The words of `text`, for `Known.words`."""
    return frozenset(WORD.findall(text.lower()))


def plain_words(text: str) -> list[str]:
    """The words of `text` in small letters, without those of addresses."""
    return [
        word
        for part in text.lower().split()
        if "://" not in part and "@" not in part and len(part) <= _LONGEST_WORD
        for word in WORD.findall(part)
    ]


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Each six words of `text` that follow each other, for `Known.runs`."""
    words = plain_words(text)
    return frozenset(tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def phrases_of(lines: Iterable[str]) -> frozenset[str]:
    """`lines` as `Known.phrases`."""
    return frozenset(phrases.folded(line) for line in lines) - {""}


def lines_with_runs(lines: Sequence[Line], known: Known) -> set[int]:
    """The numbers of the lines, of those that are not quoted, in which words run as in our mail."""
    words: list[tuple[str, int]] = []
    found: set[int] = set()
    for number, line in enumerate(lines):
        if line.depth:
            words = []
            continue
        for word in plain_words(line.text):
            words.append((word, number))
            last = words[-RUN:]
            if tuple(one for one, _number in last) in known.runs:
                found |= {number for _one, number in last}
    return found


def is_token_part(text: str) -> bool:
    """Whether a line is a piece of a link that was cut."""
    word = text.strip(" <>|")
    odd = sum(sign.isdigit() or sign in "/:%&=_-" for sign in word)
    return len(word) >= _TOKEN_PART and " " not in word and odd > 1
