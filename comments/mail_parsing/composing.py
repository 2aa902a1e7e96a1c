"""The text of an answer, made of its writer's lines and of quotes between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from comments.mail_parsing import phrases
from comments.mail_parsing.known import WORD, Known, is_token_part, plain_words
from comments.mail_parsing.lines import Line
from comments.mail_parsing.paragraphs import joined, unwrapped
from comments.mail_parsing.signatures import Trimmed, trim, without_devices


@dataclass(frozen=True)
class Block:
    """Lines that follow each other: the writer's, or a quote."""

    lines: tuple[Line, ...]
    quoted: bool


def composed(
    blocks: list[Block], quote: int | None, known: Known, *, wrapped: bool
) -> tuple[str, bool]:
    """The text of the blocks, and whether it is surely the writer's alone. From the block `quote`
    on, the mail that is answered is quoted; its quotes stay where answers stand between them."""
    own = [turn for turn, block in enumerate(blocks) if not block.quoted]
    trimmed = {turn: Trimmed(blocks[turn].lines) for turn in own}
    ends = {own[-1]} if own else set()
    if quote is not None:
        ends |= {turn for turn in own if turn == quote - 1}
    for turn in ends:
        more = turn != own[0]
        trimmed[turn] = trim(blocks[turn].lines, known.names, more=more)
    if own and not any(not line.is_blank for turn in own for line in trimmed[turn].lines):
        # A greeting alone is all that they wrote.
        trimmed |= {turn: Trimmed(without_devices(blocks[turn].lines)) for turn in own}
    sure = all(one.sure for one in trimmed.values())
    full = {turn for turn in own if any(not line.is_blank for line in trimmed[turn].lines)}
    last = max(full, default=-1)
    limit = len(blocks) if quote is None else quote
    theirs = {turn for turn in range(limit, last) if blocks[turn].quoted}
    # Answered below the whole of it: it stands above the comment already.
    whole = {turn for turn in theirs if _is_whole(blocks[turn], known)}
    if known.runs or len(theirs) == 1:
        theirs -= whole
    sure = sure and not any(_says_more(blocks[turn], known) for turn in whole if known.runs)
    parts = []
    for turn, block in enumerate(blocks):
        if not block.quoted and turn in full:
            parts.append(unwrapped(trimmed[turn].lines) if wrapped else joined(trimmed[turn].lines))
        elif block.quoted and (turn in theirs or turn < min(limit, last)):
            parts.append(_quote(block, known if turn in theirs else None))
        elif block.quoted and turn > last and full and _is_meant(trimmed[last].lines):
            if turn < limit or (turn > limit and known.words and not _is_known(block, known)):
                parts.append(_quote(block, None))
        elif block.quoted and turn < limit:
            sure = sure and len(WORD.findall(" ".join(line.text for line in block.lines))) < 4
    return "\n\n".join(part for part in parts if part), sure


def _is_whole(block: Block, known: Known) -> bool:
    """Whether a quote is our mail, and not a passage that the writer chose of it."""
    if known.runs:
        return known.is_most_of_ours(" ".join(line.text for line in block.lines)[:50_000])
    return any(phrases.is_marker(line.text, line.text) for line in block.lines)


def _says_more(block: Block, known: Known) -> bool:
    """Whether the writer quoted something else beside our mail."""
    return any(
        len(plain_words(line.text)) > 1
        and all(word not in known.words for word in plain_words(line.text))
        and not phrases.introduces(line.text)[0]
        and not phrases.label(line.text)
        for line in block.lines
    )


def _is_known(block: Block, known: Known) -> bool:
    """Whether most of a quote was in our mail."""
    words = plain_words(" ".join(line.text for line in block.lines)[:50_000])
    return 2 * sum(word in known.words for word in words) > len(words)


def _is_meant(lines: Sequence[Line]) -> bool:
    """Whether the writer leads over to a quote of their own."""
    last = next((line.text.rstrip() for line in reversed(lines) if not line.is_blank), "")
    return last.endswith((":", "：", ","))


def _quote(block: Block, ours: Known | None) -> str:
    """A quote as Markdown; of `ours` without what we wrote around somebody's words."""
    lines = list(block.lines)
    if ours is not None:
        lines = _without_frame(lines, ours)
    text = joined([replace(line, text=">" * (line.depth - 1) + line.text) for line in lines])
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def _without_frame(lines: list[Line], known: Known) -> list[Line]:
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
            or phrases.is_marker(" ".join(texts[number : number + 2]), line.text)
            or phrases.introduces(line.text)[0]
            or (line.text.rstrip().endswith(":") and "“" in line.text)
        )
        framed = framed and head
        frame = "://" in line.text or known.is_phrase(line.text) or is_token_part(line.text)
        if not head and not frame:
            keep.append(line)
    return keep
