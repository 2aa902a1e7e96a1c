"""Addresses in texts that came by mail: those of people, of this site, and signed ones of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

# What may stand in a mailbox's name, and in a host's; bounded, so that a search is linear.
_BEFORE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}")
_AFTER = re.compile(r"[\w.-]{1,255}")
_PAGE = re.compile(r"(?:https?://)?(?P<host>(?<![\w.-])[\w.:-]{1,253})/[^\s<>()\[\]]{0,2000}", re.I)
_SIGNS = re.compile(r"@|%40|＠|&#64;", re.I)
_TOKEN = re.compile(r"[\w-]{4,}:[\w-]{4,10}:[\w-]{20,}")
_REPLY = re.compile(r"reply\+[0-9a-f]{1,16}-[0-9a-f]{1,16}-[0-9a-f]{1,20}", re.I)


def without(text: str) -> str:
    """`text` with words in the place of mail addresses and of this site's signed pages."""
    return _REPLY.sub(_("[e-mail address]"), _without_mailboxes(_without_pages(text)))


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


def _without_pages(text: str) -> str:
    host = urlsplit(settings.SITE_URL).netloc
    kept: list[str] = []
    done = 0
    for found in _PAGE.finditer(text):
        if found["host"].lower() == host.lower() and _TOKEN.search(found[0]):
            kept += (text[done : found.start()], _("[link]"))
            done = found.end()
    return "".join((*kept, text[done:]))
