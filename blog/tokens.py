"""Signed texts that give a person without an account one right; what for is in their salt."""

from __future__ import annotations

from typing import Any

from django.core import signing

PREVIEW = "blog.preview"
"""Reading one unpublished article; holds a `PreviewLink`'s number, which says until when."""
ARTICLE_MAIL = "blog.article-mail"
"""Switching an account's mail about articles off and on; holds the account's number."""

_LONGEST = 500


def make(salt: str, value: Any) -> str:
    """A token that holds `value` (JSON); safe in an address."""
    return signing.dumps(value, salt=salt)


def read(salt: str, token: str, *, seconds: int | None = None) -> Any:
    """The value of a token made with `salt`, or None: forged, older than `seconds`, another's."""
    if len(token) > _LONGEST:
        return None
    try:
        return signing.loads(token, salt=salt, max_age=seconds)
    except signing.BadSignature:
        return None
