"""XML of other sites, read as a stream and with forgiveness: no parser that stops at a fault.

Exports are often not well-formed: control bytes, bytes of another encoding, a `]]>` inside a
CDATA section, a stray character before the declaration, a tail that is missing. What can be read
is read; `Faults` says what was wrong. No document type is ever looked at, so there are no
external entities and none that grow.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

CHUNK = 1 << 18
LONGEST = 32_000_000
"""The longest text of one element, in characters; what is longer is not from a blog."""
_DEPTH = 200
_LONGEST_TAG = 2_000  # Beyond it a "<" begins nothing, and is not looked after for long.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# Possessive: what does not fit is given up at once.
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
# Most of an export is elements that hold text alone: read at once, at a third of the cost. Only
# what `tokens` would read in three steps, to the same end.
_LEAF = re.compile(
    r"<([A-Za-z_][\w:.-]*+)>(?:<!\[CDATA\[([^\]]*+(?:\](?!\]>)[^\]]*+)*+)\]\]>|([^<&]*+))</\1>"
)
_LONGEST_LEAF = 65_536
# What follows the end of a CDATA section: the end of its element, another, the end of the file.
_AFTER = re.compile(r"\s*(?:</([\w:.-]++)\s*>|<!\[CDATA\[|<(?:wp|content|excerpt):|\Z)")
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]++)\s*+=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DECLARED = re.compile(rb"\s*<\?xml[^<>]*encoding=[\"']([\w.-]+)")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are what Windows meant by them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("weerwoord_windows", _as_windows)


@dataclass
class Faults:
    """What was not well-formed, by kind, with the first example of each."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, example: str = "") -> None:
        """Count one more of `kind`."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.examples.setdefault(kind, " ".join(example.split())[:80])


class Node:
    """An element that was read: its attributes, its own text, its children."""

    __slots__ = ("attributes", "broken", "children", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.parts: list[str] = []
        self.children: list[Node] = []
        self.broken = False

    @property
    def text(self) -> str:
        """What stands directly in it."""
        return "".join(self.parts)

    def get(self, name: str) -> str:
        """The text of the first child of that name, without blanks around it."""
        for child in self.children:
            if child.name == name:
                return child.text.strip()
        return ""

    def raw(self, name: str) -> str:
        """The text of the first child of that name, as it stands."""
        for child in self.children:
            if child.name == name:
                return child.text
        return ""

    def all(self, name: str) -> list[Node]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]


def decoded(stream: BinaryIO, faults: Faults, told: Callable[[int], None]) -> Iterator[str]:
    """The text of `stream` in pieces, without control characters."""
    first = stream.read(CHUNK)
    name = "utf-8"
    if first.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        name = "utf-16"
    elif first.startswith(codecs.BOM_UTF8):
        first = first[3:]
    declared = _DECLARED.match(first)
    if declared and name == "utf-8":
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
        except LookupError:
            faults.add("encoding", declared[1].decode("ascii"))
    decoder = codecs.getincrementaldecoder(name)(
        "weerwoord_windows" if name == "utf-8" else "replace"
    )
    strict = codecs.getincrementaldecoder(name)()
    checking = True
    chunk, total = first, 0
    while True:
        total += len(chunk)
        told(total)
        if checking:
            try:
                strict.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                checking = False
                bad = chunk[max(error.start - 30, 0) : error.end + 20]
                faults.add("bytes", bad.decode("cp1252", "replace"))
        text = decoder.decode(chunk, final=not chunk)
        plain = _CONTROLS.sub("", text)
        if len(plain) != len(text):
            faults.add("controls")
        yield plain
        if not chunk:
            return
        chunk = stream.read(CHUNK)


Token = tuple[str, str, str]
"""(kind, name or text, attributes): "open", "close", "empty" or "text"; or ("leaf", name, text)."""


class _Buffer:
    """The text in hand, from the place that was read to."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self.pieces = pieces
        self.text, self.at, self.ended = "", 0, False

    def more(self) -> bool:
        """Take in the next piece; False at the end."""
        if self.ended:
            return False
        piece = next(self.pieces, None)
        if piece is None:
            self.ended = True
            return False
        self.text, self.at = self.text[self.at :] + piece, 0
        return True

    def find(self, what: str, start: int) -> int:
        """Where `what` stands from `start` characters after the place on; -1: nowhere."""
        while (found := self.text.find(what, self.at + start)) < 0:
            start = max(len(self.text) - self.at - len(what), start)
            if len(self.text) - self.at > LONGEST or not self.more():
                return -1
        return found


def tokens(
    pieces: Iterator[str], faults: Faults, apart: frozenset[str] = frozenset()
) -> Iterator[Token]:
    """Tags and texts in their order; elements named in `apart` are never given as a leaf."""
    held = _Buffer(pieces)
    name = ""
    while True:
        found = held.text.find("<", held.at)
        if found < 0:
            if held.at < len(held.text):
                yield "text", html.unescape(held.text[held.at :]), ""
                held.at = len(held.text)
            if not held.more():
                return
            continue
        if found > held.at:
            yield "text", html.unescape(held.text[held.at : found]), ""
            held.at = found
        # Enough to see what it is, and all of a tag.
        if len(held.text) - held.at < 12 and held.more():
            continue
        leaf = _LEAF.match(held.text, held.at, held.at + _LONGEST_LEAF)
        if leaf is not None and leaf[1] not in apart:
            held.at = leaf.end()
            name = leaf[1]
            yield "leaf", name, leaf[2] if leaf[2] is not None else leaf[3]
        elif held.text.startswith("<![CDATA[", held.at):
            text, closed = _section(held, name)
            if not closed:
                faults.add("cdata", text[:80])
            yield "text", text, ""
        elif held.text.startswith(("<!", "<?"), held.at):
            for opening, closing in (("<!--", "-->"), ("<?", "?>"), ("<!", ">")):
                if held.text.startswith(opening, held.at):
                    _skip(held, opening, closing, faults)
                    break
        else:
            match = _TAG.match(held.text, held.at, held.at + _LONGEST_TAG)
            if match is None:
                if len(held.text) - held.at < _LONGEST_TAG and held.more():
                    continue
                faults.add("tag", held.text[held.at : held.at + 80])
                yield "text", "<", ""
                held.at += 1
                continue
            held.at = match.end()
            name, rest = match[2], match[3]
            if match[1]:
                yield "close", name, ""
            elif rest.endswith("/"):
                yield "empty", name, rest[:-1]
            else:
                yield "open", name, rest


def _section(held: _Buffer, name: str) -> tuple[str, bool]:
    """The text of a CDATA section, and whether it has an end.

    A section ends where its element does: another `]]>` is part of what somebody wrote.
    """
    start = 9
    while True:
        end = held.find("]]>", start)
        if end < 0:
            text = held.text[held.at + 9 :]
            held.at = len(held.text)
            return text, False
        if len(held.text) - end < 300 and held.more():
            continue
        after = _AFTER.match(held.text, end + 3)
        if after is not None and after[1] in (None, name):
            text = held.text[held.at + 9 : end]
            held.at = end + 3
            return text, True
        start = end + 3 - held.at


def _skip(held: _Buffer, opening: str, closing: str, faults: Faults) -> None:
    if held.text.startswith("<!DOCTYPE", held.at):
        if len(held.text) - held.at < 2_000:
            held.more()
        close = held.find(">", 9)
        subset = held.text.find("[", held.at, close) if close >= 0 else -1
        if subset >= 0:
            # Entities of the file's own are never filled in.
            faults.add("doctype", held.text[held.at : held.at + 80])
            closing = "]>"
    end = held.find(closing, len(opening))
    if end < 0:
        faults.add("tail", held.text[held.at : held.at + 80])
        held.at = len(held.text)
    else:
        held.at = end + len(closing)


def nodes(
    pieces: Iterator[str],
    faults: Faults,
    *,
    tops: frozenset[str],
    early: frozenset[str] = frozenset(),
) -> Iterator[tuple[Node, Node | None]]:
    """The elements named in `tops`, whole; those in `early` as soon as they end, with the element
    they stand in, so that an article with 100,000 comments is never held whole.

    An element that is cut off by the end of the file, or by another of its name, is given as far
    as it was read, with `broken` set.
    """
    stack: list[Node] = []
    again = tops | early
    for kind, name, rest in tokens(pieces, faults, again):
        if kind == "text":
            if stack:
                stack[-1].parts.append(name)
            continue
        if kind == "leaf":
            if len(stack) >= _DEPTH:
                faults.add("depth", name)
            elif stack:
                node = Node(name, {})
                node.parts.append(rest)
                stack[-1].children.append(node)
            continue
        if kind == "close":
            depth = next((i for i in range(len(stack) - 1, -1, -1) if stack[i].name == name), None)
            if depth is not None:
                yield from _ends(stack, depth, early, broken=False)
            continue
        if name in again:
            depth = next((i for i, node in enumerate(stack) if node.name == name), None)
            if depth is not None:
                faults.add("unclosed", name)
                yield from _ends(stack, depth, early, broken=True)
        if not stack and name not in tops:
            continue
        if len(stack) >= _DEPTH:
            faults.add("depth", name)
            continue
        stack.append(Node(name, _attributes(rest)))
        if kind == "empty":
            yield from _ends(stack, len(stack) - 1, early, broken=False)
    if stack:
        faults.add("tail", stack[0].name)
    yield from _ends(stack, 0, early, broken=True)


def _attributes(text: str) -> dict[str, str]:
    pairs = _ATTRIBUTE.finditer(text) if text.strip() else ()
    return {m[1]: html.unescape(m[2] if m[2] is not None else m[3]) for m in pairs}


def _ends(
    stack: list[Node], depth: int, early: frozenset[str], *, broken: bool
) -> Iterator[tuple[Node, Node | None]]:
    # What was not closed before the one at `depth` is broken in any case.
    while len(stack) > depth:
        node = stack.pop()
        node.broken = broken or len(stack) > depth
        if not stack:
            yield node, None
        elif node.name in early:
            yield node, stack[-1]
        else:
            stack[-1].children.append(node)
