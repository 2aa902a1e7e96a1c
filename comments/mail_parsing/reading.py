"""The text of a mail that came in, as lines. Its length is bounded before it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage

from comments.mail_parsing.html import from_html, words_of_html
from comments.mail_parsing.lines import Line, Mark, from_plain

MAX_TEXT = 40_000
"""Characters of a mail's text that are read."""
MAX_LINES = 4_000
"""Lines that are read of them."""
_MAX_PARTS = 40


@dataclass(frozen=True)
class Lines:
    """The text of a mail. `wrapped`: its lines may have been cut to a width by the program;
    `whole`: nothing was left out."""

    lines: list[Line]
    wrapped: bool
    whole: bool


def read(message: EmailMessage) -> Lines:
    """The lines of a mail: of its HTML when that says what is quoted, or is all there is."""
    html = [part for part in _parts(message, "html") if part.get_content_subtype() == "html"]
    plain = _parts(message, "plain")
    if html:
        texts, whole = _contents(html)
        found = [line for text in texts for line in from_html(text)]
        marked = any(line.mark is not Mark.NONE for line in found)
        if marked or all(part in html for part in plain):
            return Lines(found[:MAX_LINES], wrapped=False, whole=whole and len(found) <= MAX_LINES)
    lines: list[Line] = []
    texts, whole = _contents(plain)
    for part, text in zip(plain, texts, strict=True):
        if part.get_content_subtype() == "html":
            lines += from_html(text)
            continue
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        delsp = str(part.get_param("delsp", "")).lower() == "yes"
        lines += from_plain(text, flowed=flowed, delsp=delsp)
    return Lines(lines[:MAX_LINES], wrapped=True, whole=whole and len(lines) <= MAX_LINES)


def _parts(message: EmailMessage, wanted: str) -> list[EmailMessage]:
    """The parts that are the mail's text, in order; of alternatives the one that is `wanted`.

    A picture in the middle of a mail leaves text before and after it. Attached mails are none.
    """
    found: list[EmailMessage] = []
    waiting = [message]
    for _turn in range(_MAX_PARTS):
        if not waiting:
            break
        part = waiting.pop()
        kind = part.get_content_type()
        children = [one for one in part.iter_parts() if isinstance(one, EmailMessage)]
        if kind == "multipart/alternative":
            fit = [one for one in children if _holds(one, wanted)] or children
            waiting += fit[-1:]
        elif kind == "multipart/related":
            waiting += children[:1]
        elif kind.startswith("multipart/"):
            waiting += reversed(children[:_MAX_PARTS])
        elif kind in ("text/plain", "text/html") and not part.is_attachment():
            found.append(part)
    return found


def _holds(part: EmailMessage, wanted: str) -> bool:
    if part.is_multipart():
        inner = [one for one in part.iter_parts() if isinstance(one, EmailMessage)]
        kinds = {one.get_content_type() for one in inner[:_MAX_PARTS]}
        return f"text/{wanted}" in kinds
    return part.get_content_subtype() == wanted


def _contents(parts: Iterable[EmailMessage]) -> tuple[list[str], bool]:
    texts, left, whole = [], MAX_TEXT, True
    for part in parts:
        try:
            text = str(part.get_content())
        except (LookupError, UnicodeError):
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        whole = whole and len(text) <= left
        if len(text) > left and part.get_content_subtype() == "html":
            # Rather its words than the beginning of its tags.
            text = words_of_html(text)
        texts.append(text[:left])
        left -= len(texts[-1])
    return texts, whole
