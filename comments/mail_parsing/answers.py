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
from comments.mail_parsing.composing import Block, composed
from comments.mail_parsing.known import (
    WORD,
    Known,
    is_token_part,
    lines_with_runs,
    plain_words,
    words_of,
)
from comments.mail_parsing.lines import Line, Mark
from comments.mail_parsing.paragraphs import joined

__all__ = ["Answer", "Known", "split", "words_of"]

_FOREIGN = 2
"""As many words below the answer that were not in our mail are theirs."""
_ADDRESS = re.compile(r"[^\s,]{1,80}@")
_HEADER = 14
"""Lines of a header below where one begins."""


@dataclass(frozen=True)
class Answer:
    """The text of a comment, and whether it is surely all that was written and no more."""

    text: str
    sure: bool = True


def split(lines: Sequence[Line], known: Known, *, wrapped: bool = True) -> Answer:
    """The answer in a mail of `lines`; `wrapped` when they may have been cut to a width."""
    lines = [*lines, Line("")]
    reader = _Splitter(lines, known)
    end = reader.end()
    blocks, quote = reader.blocks(end.start)
    text, plain = composed(blocks, quote, known, wrapped=wrapped)
    below = reader.strange(end.stop)
    said = [word for line in below for word in plain_words(line.text) if word not in known.words]
    sure = end.sure and plain and reader.sure and len(said) < _FOREIGN
    if not text.strip() and known.words and (below or not end.sure):
        # All that they wrote stands below what was taken for the beginning of our mail.
        own = below if end.sure else [line for line in lines if not line.depth]
        text, sure = joined(own), False
    clean = addresses.without(text, known.addresses)
    return Answer(clean.strip("\n"), sure and clean == text)


@dataclass(frozen=True)
class _End:
    """Where the mail that is answered begins: the first line that is cut, the first one below its
    header or introduction, and whether that is sure."""

    start: int
    stop: int
    sure: bool = True


class _Splitter:
    """Finds where the mail that is answered begins."""

    def __init__(self, lines: Sequence[Line], known: Known) -> None:
        self.lines, self.known = lines, known
        self.sure = True
        self.kinds: dict[int, set[str]] = {}
        self.markers = {
            number
            for number, line in enumerate(lines)
            if phrases.is_marker(
                f"{line.text} {lines[min(number + 1, len(lines) - 1)].text}", line.text
            )
        }

    def end(self) -> _End:
        """Where the mail that is answered begins, where it is not marked as a quote."""
        found = self._end()
        hits = lines_with_runs(self.lines[: found.start], self.known)
        if not hits:
            return found
        start = min(hits)
        tail = [line for line in self.lines[start : found.start] if not line.depth]
        strange = [line for line in tail if not self._is_frame(line)]
        if any(self.known.is_strange(line.text) for line in strange):
            return replace(found, sure=False)
        while start and (
            self.lines[start - 1].is_blank
            or phrases.is_separator(self.lines[start - 1].text)
            or self._introduces(self.lines[start - 1])
        ):
            start -= 1
        own = [word for line in strange for word in plain_words(line.text)]
        known = all(word in self.known.words for word in own)
        return _End(start, found.stop, found.sure and known)

    def _is_frame(self, line: Line) -> bool:
        return self.known.is_phrase(line.text) or is_token_part(line.text)

    def _introduces(self, line: Line) -> bool:
        """Whether a line above words of ours belongs to them."""
        strange = sum(word not in self.known.words for word in plain_words(line.text))
        ours = self.known.is_ours(line.text) or phrases.introduces(line.text)[0]
        return self.known.is_phrase(line.text) or (ours and strange < 2)

    def _end(self) -> _End:
        for number, line in enumerate(self.lines):
            if line.mark is Mark.END:
                return _End(self._above(number), self._below(number + 1))
            if line.depth or line.mark is not Mark.NONE or line.is_blank:
                continue
            if number in self.markers:
                return _End(self._above(number, introduced=True), number + 1)
            header = self._header(number)
            if header:
                ours = self._is_real(number, header) and self._is_ours(number, header)
                if ours or phrases.ADDRESS_SIGN.search(self._text(number, header)):
                    return _End(self._above(number), header, ours)
                self.sure = False
            start = self._introduction(number)
            if start is not None and not self._leads_to_quote(number):
                ours = self._is_ours(start, number + 1)
                if ours or phrases.ADDRESS_SIGN.search(self._text(start, number + 1)):
                    return _End(self._above(start), number + 1, ours)
        return _End(len(self.lines), len(self.lines))

    def _below(self, start: int) -> int:
        """The line below what introduces the mail that begins at `start`."""
        full = [n for n in range(start, len(self.lines)) if not self.lines[n].is_blank]
        for number in full[:4]:
            if number in self.markers or self._introduction(number) is not None:
                return number + 1
            header = self._header(number)
            if header:
                return header
        return start

    def _is_real(self, start: int, stop: int) -> bool:
        """Whether a program wrote the header: with an address or a time, or above our line."""
        text = self._text(start, stop)
        full = next((n for n in range(stop, len(self.lines)) if not self.lines[n].is_blank), -1)
        return (
            phrases.ADDRESS_SIGN.search(text) is not None
            or phrases.names_a_time(text)
            or full in self.markers
        )

    def blocks(self, end: int) -> tuple[list[Block], int | None]:
        """The writer's lines and the quotes before `end`, and which is the first quote of the mail
        that is answered; what introduces it is left out."""
        found = _runs(self.lines[:end])
        first = None
        for turn, block in enumerate(found):
            if not block.quoted:
                continue
            before = found[turn - 1] if turn else None
            start = self._introduced(before, has_marker=self._holds_marker(block))
            said = ""
            if start is not None and before is not None:
                said = " ".join(line.text for line in before.lines[start:])
                while start and (
                    before.lines[start - 1].is_blank
                    or phrases.is_separator(before.lines[start - 1].text)
                ):
                    start -= 1
            if start is not None or self._is_theirs(block):
                ours = self._is_theirs(block) or self.known.is_ours(said)
                self.sure = self.sure and ours
                if not ours and self.known.words:
                    # Somebody else's, quoted by the writer; or ours, in words that changed.
                    continue
                if before is not None and start is not None:
                    found[turn - 1] = replace(before, lines=before.lines[:start])
                first = turn
                break
        return found, first

    def strange(self, start: int) -> list[Line]:
        """The lines from `start` on that were in no mail of ours, and that no program wrote."""
        if not self.known.words:
            return []
        found = []
        for number, line in enumerate(self.lines[start:]):
            if line.depth or line.mark in (Mark.QUOTE, Mark.SIGNATURE):
                continue
            program = phrases.is_device(line.text) or self._is_frame(line)
            if program or (number < _HEADER and phrases.labels(line.text)):
                continue
            if self.known.is_strange(line.text):
                found.append(line)
        return found

    def _text(self, start: int, stop: int) -> str:
        return " ".join(line.text.strip() for line in self.lines[start:stop])[:10_000]

    def _is_ours(self, start: int, stop: int) -> bool:
        """Whether the lines from `start` to `stop` stand above a mail of ours."""
        below = range(stop, min(stop + 8, len(self.lines)))
        full = [number for number in below if not self.lines[number].is_blank]
        words = WORD.findall(" ".join(self.lines[number].text for number in full[:3]).lower())
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
        while stop < min(number + _HEADER, len(self.lines) - 1):
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
        return self._suffix([line.text for line in self._paragraph(number)], number)

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
            start = self._suffix(
                [line.text for line in self._paragraph(number - 1)],
                number - 1,
                loose=True,
            )
            if start is not None:
                return self._above(start)
        return number

    def _holds_marker(self, block: Block) -> bool:
        return any(phrases.is_marker(line.text, line.text) for line in block.lines) or any(
            phrases.is_marker(f"{one.text} {two.text}", one.text)
            for one, two in zip(block.lines, block.lines[1:], strict=False)
        )

    def _is_theirs(self, block: Block) -> bool:
        if any(line.mark is Mark.QUOTE for line in block.lines) or self._holds_marker(block):
            return True
        text = " ".join(line.text for line in block.lines)[:10_000]
        words = WORD.findall(text.lower())
        return self.known.is_ours(text) or (
            len(words) > 2 and _share(words, self.known.words) > 0.8
        )

    def _introduced(self, before: Block | None, *, has_marker: bool) -> int | None:
        """The line of `before` from which it introduces the mail quoted below it, if it does.

        A text that somebody wrote on a day long past, quoted by the writer, is theirs: mail
        programs give the time or the address as well.
        """
        if before is None or before.quoted:
            return None
        last = len(before.lines)
        while last and (
            before.lines[last - 1].is_blank or before.lines[last - 1].mark is Mark.INTRO
        ):
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
        text = " ".join(paragraph[1::-1]).replace("< ", "<")
        loose = has_marker or phrases.is_address_line(text)
        strictly = self._suffix(paragraph[::-1], last - 1)
        if strictly is None and loose:
            return self._suffix(paragraph[::-1], last - 1, loose=True)
        return strictly

    def _suffix(self, paragraph: list[str], number: int, *, loose: bool = False) -> int | None:
        """Of a paragraph that ends at line `number`: the line from which its last lines say that
        somebody wrote what follows. With `loose`, an address, or a day and a colon, says so too."""
        best = None
        for length in range(1, len(paragraph) + 1):
            text = " ".join(paragraph[-length:])
            if len(text) > 500:
                break
            wrote, when = phrases.introduces(text)
            loosely = loose and (phrases.ADDRESS_SIGN.search(text) or (when and text.endswith(":")))
            named = wrote and phrases.names_a_day(text) and self.known.is_ours(text)
            if best and (
                not phrases.names_a_day(text) or phrases.ends_a_sentence(paragraph[-length])
            ):
                break
            if (wrote and when) or named or loosely:
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


def _share(words: list[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / len(words) if words and known else 0.0


def _runs(lines: Sequence[Line]) -> list[Block]:
    """The lines in runs of quoted and own ones; blank lines between quoted ones are theirs."""
    found: list[Block] = []
    run: list[Line] = []
    gap: list[Line] = []
    quoted = False
    for line in lines:
        is_quote = line.depth > 0
        if line.is_blank and not is_quote:
            gap.append(line)
            continue
        if is_quote != quoted and run:
            found.append(Block(tuple(run if quoted else run + gap), quoted))
            run, gap = [], []
        run += [*gap, line]
        gap, quoted = [], is_quote
    if run:
        found.append(Block(tuple(run), quoted))
    return found
