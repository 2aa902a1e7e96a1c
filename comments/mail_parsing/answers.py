"""What was written anew in a mail: without the mail it answers, signatures, and addresses.

Structure comes first: what the mail program marked, our own line above what we mail, lines of a
header, our addresses. Phrases come after. What looks like a quote to a program and may be the
writer's own is kept; when it is not plain which it is, the answer says so (`sure`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from comments.mail_parsing import addresses, phrases
from comments.mail_parsing.lines import Line, Mark
from comments.mail_parsing.paragraphs import joined, unwrapped
from comments.mail_parsing.signatures import Trimmed, trim

_FOREIGN = 6
"""As many words below the answer that were not in our mail are hers."""
_ADDRESS = re.compile(r"[^\s,]{1,80}@")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Known:
    """What is known of the mail that is answered: the words that it had, our addresses and the
    writer's, and what she is called."""

    words: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def is_ours(self, text: str) -> bool:
        """Whether one of the addresses is in `text`."""
        small = text.lower()
        return any(one in small for one in self.addresses)


@dataclass(frozen=True)
class Answer:
    """The text of a comment, and whether it is surely all that was written and no more."""

    text: str
    sure: bool = True


def words_of(text: str) -> frozenset[str]:
    """The words of `text`, for `Known.words`."""
    return frozenset(_WORD.findall(text.lower()))


def split(lines: Sequence[Line], known: Known, *, wrapped: bool = True) -> Answer:
    """The answer in a mail of `lines`; `wrapped` when they may have been cut to a width."""
    lines = [*lines, Line("")]
    reader = _Splitter(lines, known)
    end, sure = reader.end()
    blocks, quote = reader.blocks(end)
    text, plain = _composed(blocks, quote, known, wrapped=wrapped)
    sure = sure and plain and not reader.has_more(end)
    clean = addresses.without(text, known.addresses)
    return Answer(clean.strip("\n"), sure and reader.sure and clean == text)


@dataclass(frozen=True)
class _Block:
    """Lines that follow each other: the writer's, or a quote."""

    lines: tuple[Line, ...]
    quoted: bool


class _Splitter:
    """Finds where the mail that is answered begins."""

    def __init__(self, lines: Sequence[Line], known: Known) -> None:
        self.lines, self.known = lines, known
        self.sure = True
        self.kinds: dict[int, set[str]] = {}
        self.markers = {
            number
            for number, line in enumerate(lines)
            if _is_marker(f"{line.text} {lines[min(number + 1, len(lines) - 1)].text}", line.text)
        }

    def end(self) -> tuple[int, bool]:
        """The number of the first line of the mail that is answered, where it is not marked as a
        quote; and whether that is sure."""
        for number, line in enumerate(self.lines):
            if line.mark is Mark.END:
                return self._above(number), True
            if line.depth or line.mark is not Mark.NONE or line.is_blank:
                continue
            if number in self.markers:
                return self._above(number, introduced=True), True
            header = self._header(number)
            if header:
                ours = self._is_ours(number, header)
                if ours or phrases.ADDRESS_SIGN.search(self._text(number, header)):
                    return self._above(number), ours
                self.sure = False
            start = self._introduction(number)
            if start is not None and not self._leads_to_quote(number):
                ours = self._is_ours(start, number + 1)
                if ours or phrases.ADDRESS_SIGN.search(self._text(start, number + 1)):
                    return self._above(start), ours
        return len(self.lines), True

    def blocks(self, end: int) -> tuple[list[_Block], int | None]:
        """The writer's lines and the quotes before `end`, and which is the first quote of the mail
        that is answered; what introduces it is left out."""
        found = _runs(self.lines[:end])
        first = None
        for turn, block in enumerate(found):
            if not block.quoted:
                continue
            before = found[turn - 1] if turn else None
            start = _introduced(before, has_marker=self._holds_marker(block))
            said = ""
            if start is not None and before is not None:
                said = " ".join(line.text for line in before.lines[start:])
                found[turn - 1] = replace(before, lines=before.lines[:start])
            if start is not None or self._is_theirs(block):
                ours = self._is_theirs(block) or self.known.is_ours(said)
                self.sure = self.sure and ours
                first = turn
                break
        return found, first

    def has_more(self, end: int) -> bool:
        """Whether below the answer there are words that were in no mail of ours."""
        if not self.known.words:
            return False
        foreign = 0
        for line in self.lines[end:]:
            if line.depth or line.mark in (Mark.QUOTE, Mark.SIGNATURE) or phrases.labels(line.text):
                continue
            if "@" in line.text or "://" in line.text or phrases.is_device(line.text):
                continue
            words = _WORD.findall(line.text.lower())
            strange = [word for word in words if word not in self.known.words]
            if 2 * len(strange) > len(words):
                foreign += len(strange)
        return foreign >= _FOREIGN

    def _text(self, start: int, stop: int) -> str:
        return " ".join(line.text.strip() for line in self.lines[start:stop])[:10_000]

    def _is_ours(self, start: int, stop: int) -> bool:
        """Whether the lines from `start` to `stop` stand above a mail of ours."""
        below = range(stop, min(stop + 8, len(self.lines)))
        full = [number for number in below if not self.lines[number].is_blank]
        words = _WORD.findall(" ".join(self.lines[number].text for number in full[:3]).lower())
        return (
            bool(full and full[0] in self.markers)
            or self.known.is_ours(self._text(start, stop))
            or _share(words, self.known.words) > 0.8
        )

    def _header(self, number: int) -> int:
        """Where the lines of a header end that begins at `number`; 0 when it is none: two labels
        are anybody's."""
        kinds = set(self._labels(number))
        if not kinds or (number and self._labels(number - 1)):
            return 0
        stop = number + 1
        while stop < min(number + 14, len(self.lines) - 1):
            # Made from HTML there is a blank line between each two.
            if self.lines[stop].is_blank and not self._labels(stop + 1):
                break
            again = phrases.label(self.lines[stop].text) in kinds - {"copy"}
            if again or stop in self.markers:
                break
            kinds |= self._labels(stop)
            stop += 1
        return stop if "from" in kinds and len(kinds) > 2 else 0

    def _labels(self, number: int) -> set[str]:
        if number not in self.kinds:
            self.kinds[number] = phrases.labels(self.lines[number].text)
        return self.kinds[number]

    def _introduction(self, number: int) -> int | None:
        """Where the lines begin that end at `number` and say that somebody wrote what follows."""
        if not self.lines[number].text.rstrip().endswith((":", "：")):
            return None
        return _suffix([line.text for line in self._paragraph(number)], number)

    def _paragraph(self, number: int) -> list[Line]:
        """At most four lines of one paragraph, of which `number` is the last."""
        found = []
        for line in reversed(self.lines[max(number - 3, 0) : number + 1]):
            if line.is_blank or line.depth != self.lines[number].depth:
                break
            found.append(line)
        return found[::-1]

    def _leads_to_quote(self, number: int) -> bool:
        following = (line for line in self.lines[number + 1 : number + 6] if not line.is_blank)
        line = next(following, None)
        return line is not None and (line.depth > 0 or line.mark is Mark.QUOTE)

    def _above(self, number: int, *, introduced: bool = False) -> int:
        """`number`, or the line above it where lines begin that part or introduce."""
        while number and (
            self.lines[number - 1].is_blank
            or phrases.is_separator(self.lines[number - 1].text)
            or self.lines[number - 1].mark is Mark.INTRO
        ):
            number -= 1
        if introduced and number:
            start = _suffix(
                [line.text for line in self._paragraph(number - 1)],
                number - 1,
                loose=True,
            )
            if start is not None:
                return self._above(start)
        return number

    def _holds_marker(self, block: _Block) -> bool:
        return any(_is_marker(line.text, line.text) for line in block.lines) or any(
            _is_marker(f"{one.text} {two.text}", one.text)
            for one, two in zip(block.lines, block.lines[1:], strict=False)
        )

    def _is_theirs(self, block: _Block) -> bool:
        if any(line.mark is Mark.QUOTE for line in block.lines) or self._holds_marker(block):
            return True
        text = " ".join(line.text for line in block.lines)[:10_000]
        words = _WORD.findall(text.lower())
        return self.known.is_ours(text) or (
            len(words) > 2 and _share(words, self.known.words) > 0.8
        )


def _share(words: list[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / len(words) if words and known else 0.0


def _is_marker(text: str, first: str) -> bool:
    """Whether our line begins in `first`, the first of the lines that `text` holds."""
    small = phrases.folded(text[:200])
    start = phrases.folded(first[:200])[:20]
    return len(start) > 7 and any(
        small.startswith(one) and one.startswith(start[: len(one)]) for one in phrases.MARKERS
    )


def _suffix(paragraph: list[str], number: int, *, loose: bool = False) -> int | None:
    """Of a paragraph that ends at line `number`: the line from which its last lines say that
    somebody wrote what follows. With `loose`, an address, or a day and a colon, says so too."""
    best = None
    for length in range(1, len(paragraph) + 1):
        text = " ".join(paragraph[-length:])
        if len(text) > 500:
            break
        wrote, when = phrases.introduces(text)
        loosely = loose and (phrases.ADDRESS_SIGN.search(text) or (when and text.endswith(":")))
        if (wrote and when) or loosely:
            best = length
            if phrases.names_a_day(text):
                break
    if best is None:
        return None
    # The name, when the line was cut before or within the address behind it.
    begin = paragraph[-best].strip()
    before = paragraph[-best - 1].strip() if best < len(paragraph) else ""
    cut = before.endswith("<") or begin.startswith("<") or _ADDRESS.match(begin)
    return number - best + 1 - bool(before and cut)


def _runs(lines: Sequence[Line]) -> list[_Block]:
    """The lines in runs of quoted and own ones; blank lines between quoted ones are theirs."""
    found: list[_Block] = []
    run: list[Line] = []
    gap: list[Line] = []
    quoted = False
    for line in lines:
        is_quote = line.depth > 0
        if line.is_blank and not is_quote:
            gap.append(line)
            continue
        if is_quote != quoted and run:
            found.append(_Block(tuple(run if quoted else run + gap), quoted))
            run, gap = [], []
        run += [*gap, line]
        gap, quoted = [], is_quote
    if run:
        found.append(_Block(tuple(run), quoted))
    return found


def _introduced(before: _Block | None, *, has_marker: bool) -> int | None:
    """The line of `before` from which it introduces the mail quoted below it; None: it does not.

    A text that somebody wrote on a day long past, quoted by the writer, is hers: mail programs give
    the time or the address as well.
    """
    if before is None or before.quoted:
        return None
    last = len(before.lines)
    while last and (before.lines[last - 1].is_blank or before.lines[last - 1].mark is Mark.INTRO):
        last -= 1
    if any(line.mark is Mark.INTRO for line in before.lines[last:]):
        return last
    if not last:
        return None
    paragraph = []
    for line in reversed(before.lines[max(last - 4, 0) : last]):
        if line.is_blank:
            break
        paragraph.append(line.text)
    return _suffix(paragraph[::-1], last - 1, loose=has_marker)


def _composed(
    blocks: list[_Block], quote: int | None, known: Known, *, wrapped: bool
) -> tuple[str, bool]:
    """The text of the blocks, and whether it is surely the writer's alone. From the block `quote`
    on, the mail that is answered is quoted; its quotes stay where answers stand between them."""
    own = [turn for turn, block in enumerate(blocks) if not block.quoted]
    trimmed = {turn: Trimmed(blocks[turn].lines) for turn in own}
    ends = {own[-1]} if own else set()
    if quote is not None:
        ends |= {turn for turn in own if turn == quote - 1}
    for turn in ends:
        trimmed[turn] = trim(blocks[turn].lines, known.names)
    sure = all(one.sure for one in trimmed.values())
    full = {turn for turn in own if any(not line.is_blank for line in trimmed[turn].lines)}
    last = max(full, default=-1)
    limit = len(blocks) if quote is None else quote
    theirs = {turn for turn in range(limit, last) if blocks[turn].quoted}
    if len(theirs) == 1 and _is_whole(blocks[min(theirs)]):
        # Answered below the whole of it: it stands above the comment already.
        theirs = set()
    parts = []
    for turn, block in enumerate(blocks):
        if not block.quoted and turn in full:
            parts.append(unwrapped(trimmed[turn].lines) if wrapped else joined(trimmed[turn].lines))
        elif block.quoted and (turn in theirs or turn < min(limit, last)):
            parts.append(_quote(block, theirs=turn in theirs))
        elif block.quoted and turn < limit and full and _is_meant(trimmed[last].lines):
            parts.append(_quote(block, theirs=False))
        elif block.quoted and turn < limit:
            sure = sure and len(_WORD.findall(" ".join(line.text for line in block.lines))) < 4
    return "\n\n".join(part for part in parts if part), sure


def _is_whole(block: _Block) -> bool:
    return any(_is_marker(line.text, line.text) for line in block.lines)


def _is_meant(lines: Sequence[Line]) -> bool:
    """Whether the writer leads over to a quote of her own."""
    last = next((line.text.rstrip() for line in reversed(lines) if not line.is_blank), "")
    return last.endswith((":", "：", ","))


def _quote(block: _Block, *, theirs: bool) -> str:
    """A quote as Markdown; of ours without what we wrote around somebody's words."""
    lines = list(block.lines)
    if theirs:
        lines = _without_frame(lines)
    text = joined([replace(line, text=">" * (line.depth - 1) + line.text) for line in lines])
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def _without_frame(lines: list[Line]) -> list[Line]:
    texts = [line.text for line in lines]
    for number, text in enumerate(texts):
        if text == "-- " or text.strip() == "--":
            lines, texts = lines[:number], texts[:number]
            break
    keep = []
    framed = True
    for number, line in enumerate(lines):
        # Above somebody's words there is our line, and whose words they are.
        head = framed and (
            line.is_blank
            or _is_marker(" ".join(texts[number : number + 2]), line.text)
            or phrases.introduces(line.text)[0]
            or (line.text.rstrip().endswith(":") and "“" in line.text)
        )
        framed = framed and head
        if not head and "://" not in line.text:
            keep.append(line)
    return keep
