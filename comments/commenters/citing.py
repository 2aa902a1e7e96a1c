"""Finds quotations of an erased person in comments of others and replaces them by a note. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.text import plain

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"[ \t]{0,3}>[> \t]*")
# Between quotation marks within one line; what is shorter stands there by chance.
_SPOKEN = re.compile(r"[“\"„«]([^“”\"„«»\n]{20,2000})[”\"“»]")
# So many words in a row are compared: a quotation that was shortened or retouched is found, too.
_RUN = 4


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text))


@dataclass
class Said:
    """All that one person said in a conversation."""

    runs: set[tuple[str, ...]] = field(default_factory=set)
    text: str = " "

    def add(self, texts: Iterable[str], *, known: Said | None = None) -> None:
        """They said these, too; not what they quoted themselves, nor what was `known` before."""
        parts = [self.text]
        for text in texts:
            lines = (line for line in text.split("\n") if not _MARK.match(line))
            words = _words("\n".join(lines))
            runs = set(zip(*(words[at:] for at in range(_RUN)), strict=False))
            self.runs |= runs - known.runs if known else runs
            parts.append(f"{' '.join(words)} ")
        self.text = "\n ".join(parts)

    def holds(self, text: str, *, answering: bool) -> bool:
        """Whether half of `text` or more are their words; a few words only in an answer to them."""
        words = _words(text)
        if len(words) < _RUN:
            return answering and bool(words) and f" {' '.join(words)} " in self.text
        runs = list(zip(*(words[at:] for at in range(_RUN)), strict=False))
        return 2 * sum(run in self.runs for run in runs) >= len(runs)


def without(source: str, is_hers: Callable[[str], bool], note: str) -> str:
    """The `source` of another's comment with `note` for each quotation that `is_hers`.

    What the other says of his own stays as it is.
    """
    kept: list[str] = []
    block: list[str] = []

    def end_block() -> None:
        kept.extend(_block(block, is_hers, note))
        block.clear()

    for line in source.split("\n"):
        # A paragraph that began in the quotation goes on without its mark.
        if _MARK.match(line) or (block and line.strip() and is_hers(line)):
            block.append(line)
            continue
        end_block()

        def spoken(match: re.Match[str]) -> str:
            return note if is_hers(match[1]) else match[0]

        kept.append(_SPOKEN.sub(spoken, line))
    end_block()
    return "\n".join(kept)


def _block(lines: list[str], is_hers: Callable[[str], bool], note: str) -> list[str]:
    """One quotation: gone as a whole, or line by line where it quotes several people."""
    bare = [_MARK.sub("", line, count=1) for line in lines]
    if not lines:
        return []
    if is_hers(" ".join(bare)):
        return [f"> {note}"]
    kept: list[str] = []
    for line, words in zip(lines, bare, strict=True):
        hers = is_hers(words)
        fresh = f"> {note}" if hers else line
        if not (hers and kept and kept[-1] == fresh):
            kept.append(fresh)
    return kept
