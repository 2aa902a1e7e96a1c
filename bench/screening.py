"""How well and how fast comments are screened: `python -m bench.screening FILE…`.

Each FILE is CSV with a header of which one column holds the text (CONTENT, text or comment) and
one the truth (CLASS, label or spam: 1, spam or true for spam), or, without a header, the truth
and the text. Figures: precision and recall by the starter's counts alone, and as the filter
learns from one comment after the other, each judged before it is learnt. Then the milliseconds
that a comment takes by the filter and by ten thousand rules.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from dataclasses import dataclass
from pathlib import Path

from comments.screening import rules, spam
from comments.screening.contribution import Contribution
from comments.screening.spam import WordCounts

_TEXT, _TRUTH = ("content", "text", "comment"), ("class", "label", "spam")
_YES = {"1", "spam", "true"}


@dataclass
class _Word:
    pattern: str
    target: str = "text"
    match: str = "word"
    effect: str = "hold"
    pk: int = 0


def read(path: Path) -> list[tuple[bool, str]]:
    """Whether it is spam, and the text, for every comment in the file."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    table = [row for row in csv.reader(text.splitlines()) if row]
    names = [name.strip().lower() for name in table[0]]
    truth = next((names.index(name) for name in _TRUTH if name in names), None)
    said = next((names.index(name) for name in _TEXT if name in names), None)
    if truth is None or said is None:
        return [(row[0].strip().lower() in _YES, row[1]) for row in table if len(row) > 1]
    return [(row[truth].strip().lower() in _YES, row[said]) for row in table[1:]]


def rates(judged: list[tuple[bool, float]]) -> str:
    """Precision and recall of the scores, at the threshold that holds a comment."""
    held = [is_spam for is_spam, score in judged if score >= spam.THRESHOLD]
    wanted = sum(is_spam for is_spam, _score in judged)
    precision = sum(held) / len(held) if held else float("nan")
    recall = sum(held) / wanted if wanted else float("nan")
    return f"precision {precision:.3f}, recall {recall:.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    rows = [row for path in parser.parse_args().files for row in read(path)]
    random.Random(7).shuffle(rows)
    counts = dict(spam.starter())
    print(f"{len(rows)} comments, {sum(is_spam for is_spam, _text in rows)} of them spam")
    begun = time.process_time()
    judged = [
        (is_spam, spam.verdict(spam.features(Contribution(text)), counts).score)
        for is_spam, text in rows
    ]
    took = (time.process_time() - begun) / len(rows)
    print(f"starter alone:  {rates(judged)}")
    judged = []
    for is_spam, text in rows:
        found = spam.features(Contribution(text))
        judged.append((is_spam, spam.verdict(found, counts).score))
        for word in found | {spam.TOTAL}:
            before = counts.get(word, WordCounts())
            counts[word] = WordCounts(before.spam + is_spam, before.ham + (not is_spam))
    print(f"while learning: {rates(judged)}")
    print(f"last half:      {rates(judged[len(judged) // 2 :])}")
    print(f"the filter:     {took * 1000:.3f} ms of CPU a comment")
    ready = rules.prepare([_Word(f"woord{number}") for number in range(10_000)])
    begun = time.process_time()
    for _is_spam, text in rows:
        ready.check(Contribution(text))
    took = (time.process_time() - begun) / len(rows)
    print(f"10,000 words:   {took * 1000:.3f} ms of CPU a comment")


if __name__ == "__main__":
    main()
