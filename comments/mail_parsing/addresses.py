"""Addresses in texts that came by mail: those of people, of this site, and signed ones of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from comments.mail_parsing import signed
from comments.mail_parsing.copies import Copy, Span, copy_of
from core.text import replaced

# What may stand in a mailbox's name, and in a host's; bounded, so that a search is linear.
_SIGN = re.compile("@")
_BEFORE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}")
_AFTER = re.compile(r"[\w.-]{1,255}")
_AT = r"(?:@|\s?[(\[{]\s?at\s?[)\]}]\s?)"
# Also what is left of one that was cut.
_REPLY = re.compile(
    rf"reply\+[0-9a-f]{{1,16}}-[0-9a-f]{{0,16}}(?:-[0-9a-f]{{0,20}})?(?:{_AT}[\w.-]{{1,255}})?",
    re.I,
)
_SPELT_DOMAIN = re.compile(rf"{_AT}(?P<host>[\w.-]{{1,255}})", re.I)
# A known address is found however it is spelt.
_SPELT = re.compile(
    "(?P<drop>[\\s>|*`\u200b-\u200d\u2060\ufeff\xad]+)"
    r"|(?P<at>[(\[{]\s{0,3}(?:at|apenstaartje|apestaartje)\s{0,3}[)\]}])"
    r"|(?P<dot>[(\[{]\s{0,3}(?:dot|punt|punkt|point)\s{0,3}[)\]}])",
    re.I,
)
_SAFE_LINK = re.compile(
    r"https?://[\w.-]{1,100}\.safelinks\.protection\.outlook\.com/[^\s<>()\[\]]{0,2000}", re.I
)


def without(text: str, mailboxes: Iterable[str] = ()) -> str:
    """`text` with words in the place of mail addresses and of signed links, on whatever host.

    `mailboxes`, in small letters, are found in any spelling, also in base64 and in digits.
    """
    known = [one for one in mailboxes if one.partition("@")[0]]
    text = _SAFE_LINK.sub(_unpacked, text)
    text = replaced(text, signed.spans(text, known), _("[link]"))
    text = replaced(text, _known(text, known), _("[e-mail address]"))
    return replaced(text, _mailboxes(copy_of(text).decoded()), _("[e-mail address]"))


def target(href: str) -> str:
    """The address that Outlook wrapped in one of its own, which holds the recipient's; `href` for
    any other. Raises ValueError for what is no address."""
    parts = urlsplit(href.strip()[:2000])
    if (parts.hostname or "").endswith(".safelinks.protection.outlook.com"):
        return (parse_qs(parts.query, max_num_fields=20).get("url") or [""])[0]
    return href


def _unpacked(found: re.Match[str]) -> str:
    try:
        inner = target(found[0].replace("&amp;", "&"))
    except ValueError:
        inner = ""
    return inner if inner.startswith(("http://", "https://")) else _("[link]")


def _mailboxes(copy: Copy) -> Iterator[Span]:
    """Addresses of anybody, those that are answered by mail, and the domain of these."""
    text, done = copy.text, 0
    for sign in _SIGN.finditer(text):
        if sign.start() < done:
            continue
        before = _BEFORE.match(text[max(done, sign.start() - 100) : sign.start()][::-1])
        after = _AFTER.match(text, sign.end(), sign.end() + 255)
        if before is None or after is None:
            continue
        start, end = sign.start() - before.end(), after.end()
        if text[max(done, start - 7) : start].lower() == "mailto:":
            start -= 7
        end -= len(after[0]) - len(after[0].rstrip(".-"))
        if text[start - 1 : start] == "<" and text[end : end + 1] == ">":
            start, end = start - 1, end + 1
        yield copy.span(start, end)
        done = end
    for found in _REPLY.finditer(text):
        yield copy.span(*found.span())
    ours = settings.INBOUND_DOMAIN.lower()
    for found in _SPELT_DOMAIN.finditer(text) if ours else ():
        if found["host"].lower().strip(".-") == ours:
            yield copy.span(*found.span())


def _known(text: str, mailboxes: Iterable[str]) -> Iterator[Span]:
    """Addresses that are known, also where blanks or lines' ends stand in them."""
    copy = copy_of(text).read(_SPELT).decoded(quoted=True).read(_SPELT)
    small = copy.small()
    for mailbox in mailboxes:
        at = small.find(mailbox)
        while at >= 0:
            yield copy.span(at, at + len(mailbox))
            at = small.find(mailbox, at + len(mailbox))
