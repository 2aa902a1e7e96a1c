"""The text of a mail that came in, as lines. Its length is bounded before it is looked at."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import EmailMessage

from comments.mail_parsing import machines
from comments.mail_parsing.html import from_html, words_of_html
from comments.mail_parsing.lines import SPACES, Line, Mark, from_plain

MAX_TEXT = 40_000
"""Characters of a mail's text that are read."""
MAX_LINES = 4_000
"""Lines that are read of them."""
_PICTURE = 30_000
"""Characters of base64; what is smaller and stands within the text is a firm's mark."""
# Encodings of letters; Python knows others, of which some take quadratic time.
_LETTERS = re.compile(
    r"(?:utf|iso|latin|cp|windows|koi|mac|gb|big5|euc|shift|hz|tis|us-?ascii|ascii)[\w-]{0,30}",
    re.I,
)
_LATIN = frozenset(["iso8859-1", "latin-1", "ascii"])
_LOCKED = frozenset(
    ["application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"]
)
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_PGP_LOCKED = "-----BEGIN PGP MESSAGE-----"
_SEALS = frozenset(
    [
        *("application/pgp-signature", "application/pkcs7-signature", "application/pgp-keys"),
        *("application/x-pkcs7-signature", "text/x-vcard", "text/vcard", "application/ics"),
        *("text/calendar", "application/x-amz-ses-notification"),
    ]
)
"""What programs attach by themselves."""


@dataclass(frozen=True)
class Lines:
    """The text of a mail. `wrapped`: its lines may have been cut to a width by the program;
    `whole`: nothing of the text was left out; `files`: pictures or files came with it; `locked`:
    it is encrypted, or signed so that its text cannot be read."""

    lines: list[Line]
    wrapped: bool
    whole: bool
    files: bool = False
    locked: bool = False


def read(message: EmailMessage) -> Lines:
    """The lines of a mail: of its HTML when that says what is quoted, or is all there is."""
    found = _read(message)
    parts = list(machines.parts_of(message))
    locked = any(part.get_content_type() in _LOCKED for part in parts) or any(
        line.text.strip() == _PGP_LOCKED for line in found.lines
    )
    return replace(found, files=any(map(_is_file, parts)), locked=locked)


def _is_file(part: EmailMessage) -> bool:
    """Whether a part is something that its writer put into the mail beside the words."""
    kind = part.get_content_type()
    if kind in _SEALS or kind in _LOCKED or kind.startswith(("message/", "text/vnd.google")):
        return False
    if kind in ("text/plain", "text/html"):
        return part.is_attachment()
    if part.is_attachment() or not part.get("Content-ID"):
        return True
    return len(str(part.get_payload())) > _PICTURE


def _read(message: EmailMessage) -> Lines:
    html = [part for part in _parts(message, "html") if part.get_content_subtype() == "html"]
    plain = _parts(message, "plain")
    if html:
        texts, whole = _contents(html)
        found = [line for text in texts for line in from_html(text)]
        marked = any(line.mark is not Mark.NONE for line in found)
        if marked or all(part in html for part in plain) or not any(map(_says, plain)):
            return Lines(found[:MAX_LINES], wrapped=False, whole=whole and len(found) <= MAX_LINES)
    lines: list[Line] = []
    texts, whole = _contents(plain)
    for part, text in zip(plain, texts, strict=True):
        if part.get_content_subtype() == "html":
            lines += from_html(text)
            continue
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        delsp = str(part.get_param("delsp", "")).lower() == "yes"
        lines += from_plain(_unsealed(text), flowed=flowed, delsp=delsp)
    return Lines(lines[:MAX_LINES], wrapped=True, whole=whole and len(lines) <= MAX_LINES)


def _parts(message: EmailMessage, wanted: str) -> list[EmailMessage]:
    """The parts that are the mail's text, in order; of alternatives the one that is `wanted`.

    A picture in the middle of a mail leaves text before and after it. Attached mails are none.
    """
    found: list[EmailMessage] = []
    waiting = [message]
    for _turn in range(machines.MAX_PARTS):
        if not waiting:
            break
        part = waiting.pop()
        kind = part.get_content_type()
        children = machines.children_of(part)
        if kind == "multipart/alternative":
            fit = [one for one in children if _holds(one, wanted)] or children
            waiting += fit[-1:]
        elif kind == "multipart/related":
            waiting += children[:1]
        elif kind.startswith("multipart/"):
            waiting += reversed(children[: machines.MAX_PARTS])
        elif kind in ("text/plain", "text/html") and not part.is_attachment():
            found.append(part)
    return found


def _holds(part: EmailMessage, wanted: str) -> bool:
    if part.is_multipart():
        inner = machines.children_of(part)[: machines.MAX_PARTS]
        kinds = {one.get_content_type() for one in inner}
        return f"text/{wanted}" in kinds
    return part.get_content_subtype() == wanted


def _contents(parts: Iterable[EmailMessage]) -> tuple[list[str], bool]:
    texts, left, whole = [], MAX_TEXT, True
    for part in parts:
        text = _decoded(part)
        whole = whole and len(text) <= left
        if len(text) > left and part.get_content_subtype() == "html":
            # Rather its words than the beginning of its tags.
            text = words_of_html(text)
        texts.append(text[:left])
        left -= len(texts[-1])
    return texts, whole


def _says(part: EmailMessage) -> bool:
    """Whether a part has words."""
    return bool(_decoded(part).translate(SPACES).strip())


def _decoded(part: EmailMessage) -> str:
    """The text of a part in the encoding that it names, or that its bytes are in: programs name
    none, one that nobody knows, or ISO 8859-1 for what Windows calls 1252."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    name = str(part.get_content_charset("") or "")
    try:
        known = codecs.lookup(name).name if _LETTERS.fullmatch(name) else ""
    except LookupError:
        known = ""
    named = () if not known or known in _LATIN else (known,)
    for encoding in (*named, "utf-8"):
        try:
            return payload.decode(encoding)
        except UnicodeError:
            continue
    # A few bytes that were damaged make nothing else of it.
    text = payload.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if 2 * bad <= sum(not sign.isascii() for sign in text):
        return text
    return payload.decode("cp1252", "replace")


def _unsealed(text: str) -> str:
    """What a signature of PGP was put around, without it."""
    if not text.lstrip().startswith(_PGP_SIGNED):
        return text
    _head, _gap, body = text.replace("\r\n", "\n").partition("\n\n")
    body = body.partition(f"\n{_PGP_SIGNATURE}")[0]
    return "\n".join(
        line.removeprefix("- ") if line[:3] == "- -" else line for line in body.split("\n")
    )
