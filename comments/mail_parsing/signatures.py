"""Signatures below an answer: the writer's, and their telephone's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comments.mail_parsing import phrases
from comments.mail_parsing.lines import Line, Mark

_MOST = 12
"""Lines of a signature."""
_PROSE = 6
"""As many words in small letters on one line are no function and no firm."""
_PHONE = re.compile(r"\+?\(?\d[\d\s()./-]{6,18}\d")
_POSTSCRIPT = re.compile(r"\W{0,3}(?:p\.? ?s\.?|n\.?b\.?)(?:\W|$)", re.I)
_DASHES = frozenset(["--", "—", "__", "___"])
_PARTS = re.compile(r"[|,•·/]")
_MAILBOX = re.compile(r"\S@\S")


@dataclass(frozen=True)
class Trimmed:
    """Lines without a signature, and whether it surely was one, and all of it."""

    lines: Sequence[Line]
    sure: bool = True


def trim(lines: Sequence[Line], names: frozenset[str], *, more: bool = False) -> Trimmed:
    """The writer's lines without signature; `names` are the writer's names in lower case. With
    `more`, other lines of the writer stand above, so that these may be nothing but a signature."""
    names = names | {name.partition(" ")[0] for name in names if len(name.partition(" ")[0]) > 1}
    marked = [line for line in lines if line.mark is Mark.SIGNATURE]
    rest = [line for line in lines if line.mark not in (Mark.SIGNATURE, Mark.INTRO)]
    if marked and not any(not line.is_blank for line in rest):
        # Some programs let one type within what they call the signature.
        rest = list(lines)
        marked = []
    sure = sum(len(line.text) for line in marked) < 600 and not _holds_prose(marked)
    for number, line in enumerate(rest):
        if line.text == "-- ":
            sure = sure and len(rest) - number <= _MOST + 2 and not _holds_prose(rest[number:])
            rest = rest[:number]
            break
    rest = _without_dashes(without_devices(rest), names)
    closed = _without_closing(rest, names, more=more)
    return Trimmed(without_devices(closed.lines), sure and closed.sure)


def _without_dashes(lines: list[Line], names: frozenset[str]) -> list[Line]:
    """Without the writer's name and what follows it below a line of two dashes: some programs leave
    out the blank behind them. Dashes above anything else are the writer's."""
    for number in range(max(len(lines) - _MOST, 0), len(lines)):
        if lines[number].text.strip() not in _DASHES:
            continue
        below = [line for line in lines[number + 1 :] if not line.is_blank]
        if not below or (_is_name(below[0].text, names) and not _holds_prose(below)):
            return without_devices(lines[:number])
    return lines


def _is_name(text: str, names: frozenset[str]) -> bool:
    return _PARTS.split(text)[0].strip(" .-–—*_").lower() in names


def without_devices(lines: Sequence[Line]) -> list[Line]:
    """Without "Sent from my telephone" at the end, where it stands by itself or is no sentence."""
    kept = list(lines)
    while True:
        while kept and kept[-1].is_blank:
            kept.pop()
        if not kept or not phrases.is_device(kept[-1].text):
            return kept
        last, before = kept[-1].text.strip(), (kept[-2] if len(kept) > 1 else Line(""))
        alone = before.is_blank or phrases.is_device(before.text) or phrases.is_product(last)
        if alone or (len(last) < 50 and last[-1] not in ".!?"):
            kept.pop()
        else:
            return kept


def _without_closing(lines: Sequence[Line], names: frozenset[str], *, more: bool) -> Trimmed:
    """Without a greeting and who greets, or a name and how to reach it, at the end."""
    full = [number for number, line in enumerate(lines) if not line.is_blank]
    for number in full[-_MOST:]:
        below = [lines[one].text for one in full if one > number]
        thanks = bool(below) and phrases.is_thanks(lines[number].text) and _is_name(below[0], names)
        if thanks or phrases.is_greeting(lines[number].text):
            after = next((one for one, text in enumerate(below) if _is_postscript(text)), None)
            closing = below if after is None else below[:after]
            if any(_is_sentence(text) for text in closing):
                return Trimmed(lines, not any(_is_contact(text) for text in closing))
            rest = [] if after is None else [Line(""), *map(Line, below[after:])]
            return Trimmed([*lines[:number], *rest], not _holds_prose(map(Line, closing)))
    start = len(lines)
    while start and not lines[start - 1].is_blank:
        start -= 1
    last = [line.text for line in lines[start:]]
    if not last or (start == 0 and not more) or len(last) > _MOST or any(map(_is_sentence, last)):
        return Trimmed(lines)
    if _is_name(last[0], names) and len(last) == 1 and _small_words(last[0]) > 2:
        # To somebody of the same name?
        return Trimmed(lines, sure=False)
    if _is_name(last[0], names):
        return Trimmed(lines[:start], not _holds_prose(lines[start:]))
    return Trimmed(lines, not any(map(_is_contact, last)))


def _holds_prose(lines: Iterable[Line]) -> bool:
    """Whether something is said in a signature, as names, functions and telephones do not."""
    return any(_is_prose(line.text) for line in lines if not phrases.is_device(line.text))


def _small_words(text: str) -> int:
    return sum(word[0].islower() for word in text.split())


def _is_prose(text: str) -> bool:
    words, small = text.split(), _small_words(text)
    return small >= _PROSE or (_is_sentence(text) and small > 1 and len(words) > 2)


def _is_postscript(text: str) -> bool:
    return _POSTSCRIPT.match(text) is not None


def _is_sentence(text: str) -> bool:
    """Whether a line below a greeting says something, as names and functions do not."""
    words = text.split()
    if len(text) > 120:
        return True
    ended = text.rstrip(" )\"'”’").endswith((".", "!", "?", "…"))
    return len(words) > 2 and ended and "." not in words[-1].rstrip(".")


def _is_contact(text: str) -> bool:
    return "://" not in text and bool(_PHONE.search(text) or _MAILBOX.search(text))
