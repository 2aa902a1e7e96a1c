"""Addresses in texts that came by mail: those of people, of this site, and signed ones of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from comments.mail_parsing import signed

# What may stand in a mailbox's name, and in a host's; bounded, so that a search is linear.
_BEFORE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}")
_AFTER = re.compile(r"[\w.-]{1,255}")
_SIGNS = re.compile(r"@|%40|＠|&#64;", re.I)
_AT = r"(?:@|＠|%40|&#64;|\s?[(\[{]\s?at\s?[)\]}]\s?)"
# Also what is left of one that was cut.
_REPLY = re.compile(
    rf"reply\+[0-9a-f]{{1,16}}-[0-9a-f]{{0,16}}(?:-[0-9a-f]{{0,20}})?(?:{_AT}[\w.-]{{1,255}})?",
    re.I,
)
_SPELT_DOMAIN = re.compile(rf"{_AT}(?P<host>[\w.-]{{1,255}})", re.I)
# A known address is found however it is spelt.
_SPELT = re.compile(
    "(?P<drop>[\\s>|\u200b-\u200d\u2060\ufeff\xad]+)"
    r"|(?P<at>＠|%40|&#64;|[(\[{]\s{0,3}(?:at|apenstaartje|apestaartje)\s{0,3}[)\]}])"
    r"|(?P<dot>%2E|[(\[{]\s{0,3}(?:dot|punt|punkt|point)\s{0,3}[)\]}])",
    re.I,
)
_SAFE_LINK = re.compile(
    r"https?://[\w.-]{1,100}\.safelinks\.protection\.outlook\.com/[^\s<>()\[\]]{0,2000}", re.I
)


def without(text: str, mailboxes: Iterable[str] = ()) -> str:
    """`text` with words in the place of mail addresses and of signed links, on whatever host.

    `mailboxes`, in small letters, are found in any spelling, and in base64.
    """
    known = [one for one in mailboxes if one.partition("@")[0]]
    bare = _without_links(_SAFE_LINK.sub(_unpacked, text), known)
    bare = _without_mailboxes(_without_known(bare, known))
    return _SPELT_DOMAIN.sub(_hidden_domain, _REPLY.sub(_("[e-mail address]"), bare))


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


def _hidden_domain(found: re.Match[str]) -> str:
    ours = settings.INBOUND_DOMAIN.lower()
    return _("[e-mail address]") if ours and found["host"].lower().strip(".-") == ours else found[0]


def _without_mailboxes(text: str) -> str:
    parts: list[str] = []
    done, words = 0, _("[e-mail address]")
    for sign in _SIGNS.finditer(text):
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
        parts += [text[done:start], words]
        done = end
    return "".join((*parts, text[done:]))


def _without_known(text: str, mailboxes: Iterable[str]) -> str:
    """Without addresses that are known, also where blanks or lines' ends stand in them."""
    copy = signed.copy_of(text, _SPELT)
    # Character by character: some letters get longer by becoming small.
    small = "".join(one.lower() if len(one.lower()) == 1 else one for one in copy.text)
    found: list[signed.Span] = []
    for mailbox in mailboxes:
        at = small.find(mailbox)
        while at >= 0:
            found.append(copy.span(at, at + len(mailbox)))
            at = small.find(mailbox, at + len(mailbox))
    return _replaced(text, sorted(found), _("[e-mail address]"))


def _without_links(text: str, mailboxes: Iterable[str]) -> str:
    return _replaced(text, signed.spans(text, mailboxes), _("[link]"))


def _replaced(text: str, spans: Iterable[signed.Span], words: str) -> str:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        if start < done:
            continue
        parts += (text[done:start], words)
        done = end
    return "".join((*parts, text[done:]))
