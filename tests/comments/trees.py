"""Threads written as text: "a(b(c) d)" is a, b and d in answer to a, c in answer to b."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comments.thread import tree


@dataclass(frozen=True)
class TextRow:
    """One comment of a thread written as text."""

    id: int
    name: str
    parent_id: int | None
    path: bytes
    depth: int


def thread(text: str, first_id: int = 1) -> list[TextRow]:
    """The rows of a thread in path order; ids count up from `first_id` as names appear."""
    rows: list[TextRow] = []
    above: list[TextRow] = []
    for token in re.findall(r"[()]|[^\s()]+", text):
        if token == "(":
            above.append(rows[-1])
        elif token == ")":
            above.pop()
        else:
            number = first_id + len(rows)
            parent = above[-1] if above else None
            path = tree.attach(parent.path if parent else b"", number)
            parent_id = parent.id if parent else None
            rows.append(TextRow(number, token, parent_id, path, tree.depth_of(path)))
    assert not above, f"unbalanced: {text}"
    return sorted(rows, key=lambda row: row.path)


def outline(rows: Iterable[Any]) -> str:
    """The text that `thread` reads, back from rows with a name and a depth in path order."""
    text = ""
    level = -1
    for row in rows:
        if row.depth > level:
            text += "(" * (row.depth - level)
        else:
            text += ")" * (level - row.depth) + " "
        text += row.name
        level = row.depth
    return (text + ")" * (level + 1))[1:-1]
