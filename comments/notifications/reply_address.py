"""The address that an answer by mail goes to: signed, and short enough for a mailbox's name.

`reply+<comment>-<person>-<signature>@<domain>`, in hexadecimal: mail servers may change capitals.
"""

from __future__ import annotations

import hmac
import re

from django.conf import settings

from core import tokens

_FORM = re.compile(r"reply\+([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{20})@(.+)", re.I)


def make(comment_id: int, commenter_id: int) -> str:
    """Where the person's answer to the comment goes; empty when answers are not taken."""
    if not settings.INBOUND_DOMAIN:
        return ""
    what = f"{comment_id:x}-{commenter_id:x}"
    return f"reply+{what}-{_sign(what)}@{settings.INBOUND_DOMAIN}"


KIND = tokens.kind("comments.reply", lambda pair: make(*pair))
"""What a mail's Reply-To gets when it goes out; for a pair of comment and person."""


def read(address: str) -> tuple[int, int] | None:
    """The comment and the person that a reply address names; None when it is not one of ours."""
    found = _FORM.fullmatch(address.strip())
    if not found or found[4].lower() != settings.INBOUND_DOMAIN.lower():
        return None
    what = f"{found[1]}-{found[2]}".lower()
    if not hmac.compare_digest(_sign(what), found[3].lower()):
        return None
    return int(found[1], 16), int(found[2], 16)


def signature(comment_id: int, commenter_id: int) -> str:
    """What proves the address that the person's answer to the comment goes to."""
    return _sign(f"{comment_id:x}-{commenter_id:x}")


def _sign(what: str) -> str:
    key = f"comments.reply:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, what.encode(), "sha256").hex()[:20]
