"""Signed tokens that grant one right, and the registry of their kinds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core import signing

_LONGEST = 500
Maker = Callable[[Any], str]

KINDS: dict[str, Maker] = {}
"""Makes a token of each kind for a value (JSON): what mails name and get when they go out."""


def kind(name: str, maker: Maker | None = None) -> str:
    """Register a kind of token and give its name; without a maker it is signed with that salt."""
    KINDS[name] = maker or partial(make, name)
    return name


def make(salt: str, value: Any) -> str:
    """A token that holds `value` (JSON); safe in an address."""
    return signing.dumps(value, salt=salt)


def read(salt: str, token: str, *, seconds: int | None = None) -> Any:
    """The value of a token made with `salt`; None when forged or older than `seconds`."""
    if len(token) > _LONGEST:
        return None
    try:
        return signing.loads(token, salt=salt, max_age=seconds)
    except signing.BadSignature:
        return None
