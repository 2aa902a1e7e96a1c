"""Plain text with quotes marked by "> ", as blocks for HTML that nests real quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Deeper ones stay as they are typed.
_SIGNS = re.compile(r"(?:> ?){1,8}")


@dataclass(slots=True)
class Passage:
    """A paragraph of text, or a quote with the blocks in it."""

    text: str = ""
    quoted: list[Passage] = field(default_factory=list)


def passages(text: str) -> list[Passage]:
    """The paragraphs and quotes of `text` in order."""
    # Of the text itself and of every quote that is open.
    levels: list[list[Passage]] = [[]]
    begins = True
    for line in text.split("\n"):
        signs = _SIGNS.match(line)
        depth = signs[0].count(">") if signs else 0
        words = (line[signs.end() :] if signs else line).rstrip()
        if depth < len(levels) - 1:
            del levels[depth + 1 :]
            begins = True
        if not words:
            begins = True
            continue
        while depth > len(levels) - 1:
            quote = Passage()
            levels[-1].append(quote)
            levels.append(quote.quoted)
            begins = True
        if begins:
            levels[-1].append(Passage(words))
        else:
            levels[-1][-1].text += f"\n{words}"
        begins = False
    return levels[0]
