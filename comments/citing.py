"""What others quote of somebody who is erased: found, and replaced by a note. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from comments.text import plain

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

    def add(self, texts: Iterable[str]) -> None:
        """She said these, too."""
        parts = [self.text]
        for text in texts:
            words = _words(text)
            self.runs.update(zip(*(words[at:] for at in range(_RUN)), strict=False))
            parts.append(f"{' '.join(words)} ")
        self.text = "\n ".join(parts)

    def holds(self, text: str, *, answering: bool) -> bool:
        """Whether half of `text` or more are her words; a few words only in an answer to her."""
        words = _words(text)
        if len(words) < _RUN:
            return answering and bool(words) and f" {' '.join(words)} " in self.text
        runs = list(zip(*(words[at:] for at in range(_RUN)), strict=False))
        return 2 * sum(run in self.runs for run in runs) >= len(runs)


def without(
    source: str, said: Said, note: str, *, answering: bool, tidy: Callable[[str], str]
) -> str:
    """The `source` of another's comment with `note` for each quotation of what was `said`.

    `answering`: the comment answers one of hers. `tidy` is applied to all other lines. What the
    other says of his own stays as it is.
    """
    kept: list[str] = []
    block: list[str] = []

    def end_block() -> None:
        kept.extend(_block(block, said, note, answering, tidy))
        block.clear()

    for line in source.split("\n"):
        # A paragraph that began in the quotation goes on without its mark.
        if _MARK.match(line) or (block and line.strip() and said.holds(line, answering=True)):
            block.append(line)
            continue
        end_block()

        def spoken(match: re.Match[str]) -> str:
            return note if said.holds(match[1], answering=answering) else match[0]

        kept.append(tidy(_SPOKEN.sub(spoken, line)))
    end_block()
    return "\n".join(kept)


def _block(
    lines: list[str], said: Said, note: str, answering: bool, tidy: Callable[[str], str]
) -> list[str]:
    """One quotation: gone as a whole, or line by line where it quotes several people."""
    bare = [_MARK.sub("", line, count=1) for line in lines]
    if not lines:
        return []
    if said.holds(" ".join(bare), answering=answering):
        return [f"> {note}"]
    kept: list[str] = []
    for line, words in zip(lines, bare, strict=True):
        hers = said.holds(words, answering=answering)
        fresh = f"> {note}" if hers else tidy(line)
        if not (hers and kept and kept[-1] == fresh):
            kept.append(fresh)
    return kept
