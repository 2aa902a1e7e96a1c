"""The shape of a thread: materialised paths, and rows to nested lists.

A path is the ids from the root comment down to the comment itself, each written as a length
byte and then the id in as few big-endian bytes as it needs. Compared byte by byte, as
PostgreSQL compares bytea, paths sort a thread in reading order: every comment before its
replies, replies by id. As the full id ends the path, a path is unique by construction and a
subtree is one range of the index.

Paths are taken as bytes or memoryview, which is what psycopg2 hands out for bytea, and always
given back as bytes. The parent of a root comment is the empty path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import Generic, NamedTuple, Protocol, TypeVar

MAX_DEPTH = 100
"""The deepest level that is stored; a root comment is at level 0."""

_MAX_ID_BYTES = 8
_MAX_ID = 2**63 - 1  # bigint


def path_for(parent: bytes | memoryview, comment_id: int) -> bytes:
    """The path of the comment `comment_id` directly under the comment whose path is `parent`.

    Raises ValueError when `comment_id` is no positive bigint or `parent` is malformed.
    """
    if not 1 <= comment_id <= _MAX_ID:
        raise ValueError(f"not an id that a path can hold: {comment_id}")
    ids_of(parent)
    length = (comment_id.bit_length() + 7) // 8
    return bytes(parent) + bytes([length]) + comment_id.to_bytes(length, "big")


def attach(parent: bytes | memoryview, comment_id: int) -> bytes:
    """The path for a reply `comment_id` to the comment at `parent`, never deeper than MAX_DEPTH.

    A reply to a comment at the cap becomes its sibling; the row's own parent column keeps the
    truth. Raises ValueError as `path_for` does.
    """
    if parent and depth_of(parent) >= MAX_DEPTH:
        parent = parent_path(parent)
    return path_for(parent, comment_id)


def ids_of(path: bytes | memoryview) -> list[int]:
    """The ids along `path`, root first; none for the empty path.

    Raises ValueError when `path` is not one that `path_for` writes.
    """
    path = bytes(path)
    ids = []
    at = 0
    while at < len(path):
        length = path[at]
        digits = path[at + 1 : at + 1 + length]
        # A leading zero byte would give one id two paths, which then sort apart.
        if not 1 <= length <= _MAX_ID_BYTES or len(digits) != length or digits[0] == 0:
            raise ValueError(f"malformed path: {path.hex()}")
        ids.append(int.from_bytes(digits, "big"))
        if ids[-1] > _MAX_ID:
            raise ValueError(f"malformed path: {path.hex()}")
        at += 1 + length
    return ids


def depth_of(path: bytes | memoryview) -> int:
    """The level of the comment at `path`: 0 for a root comment.

    Raises ValueError when `path` is empty or malformed.
    """
    return len(_ids_of_comment(path)) - 1


def parent_path(path: bytes | memoryview) -> bytes:
    """The path one level up; empty for a root comment.

    Raises ValueError when `path` is empty or malformed.
    """
    last = _ids_of_comment(path)[-1]
    return bytes(path)[: -1 - (last.bit_length() + 7) // 8]


def is_below(path: bytes | memoryview, ancestor: bytes | memoryview) -> bool:
    """Whether the comment at `path` is a reply, at any distance, to the one at `ancestor`.

    Raises ValueError when either is empty or malformed.
    """
    ids, above = _ids_of_comment(path), _ids_of_comment(ancestor)
    return len(ids) > len(above) and ids[: len(above)] == above


def subtree_bounds(path: bytes | memoryview) -> tuple[bytes, bytes]:
    """The range that holds the comment at `path` and everything below it, and nothing else.

    Gives (low, high), to be used as `low <= path < high`; leave out `low` itself for the
    replies alone. Raises ValueError when `path` is empty or malformed.
    """
    _ids_of_comment(path)
    low = bytes(path)
    # The first byte string after all those that begin with `low`. A length byte is at most 8,
    # so something is always left to raise.
    stem = low.rstrip(b"\xff")
    return low, stem[:-1] + bytes([stem[-1] + 1])


def _ids_of_comment(path: bytes | memoryview) -> list[int]:
    ids = ids_of(path)
    if not ids:
        raise ValueError("the empty path is no comment")
    return ids


class Row(Protocol):
    """What `nest` needs of a comment."""

    @property
    def depth(self) -> int:
        """Its level, 0 for a root comment."""


RowT = TypeVar("RowT", bound=Row)


class Nested(NamedTuple, Generic[RowT]):
    """A row and the tags around it that keep `<ol><li>...</li></ol>` well-formed.

    Before the row come `opens` lists, each but the last with an item that holds no comment
    (`<ol><li>` for every level, or a single `<li>` when `opens` is 0). After it come `closes`
    times `</li></ol>`, and then `</li>` when `ends`.
    """

    row: RowT
    opens: int
    closes: int
    ends: bool


def nest(rows: Iterable[RowT], start_depth: int = 0) -> Iterator[Nested[RowT]]:
    """Turns rows in path order into one flat, depth-marked list to be joined in a single loop.

    The whole is always one balanced list, whichever rows are there: levels that have no row
    of their own, because a page starts halfway or a parent is hidden, get items without a
    comment, so that every row keeps its true indent. `start_depth` is the level shown as the
    outermost one; rows above it stand at it.
    """
    level = -1
    for row, following in pairwise(chain(rows, (None,))):
        if row is None:  # Only the last of the pair can be; this tells the type checker.
            return
        before, level = level, max(row.depth - start_depth, 0)
        opens = max(level - before, 0)
        if following is None:
            yield Nested(row, opens, closes=level + 1, ends=False)
        else:
            upcoming = max(following.depth - start_depth, 0)
            yield Nested(row, opens, closes=max(level - upcoming, 0), ends=upcoming <= level)
