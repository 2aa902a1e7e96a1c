"""Signed addresses that give a person without an account a right: one purpose each, expiring.

Holding one is enough to see; acting always takes a POST by a person's click.
"""

from __future__ import annotations

import enum
from typing import Any

from core import tokens

_DAY = 24 * 3600


class Purpose(enum.Enum):
    """What a token is for: its kind (and salt), and for how many seconds it holds."""

    OWN = "comments.OWN", 30 * _DAY
    """One comment of the holder's: see it while it waits, change it for a while, delete it."""
    CONFIRM = "comments.CONFIRM", 90 * _DAY
    """One comment was written by who reads the address that it was mailed to."""
    MINE = "comments.MINE", 365 * _DAY
    """Everything that was written with the address that it was mailed to."""
    STOP = "comments.STOP", 3650 * _DAY
    """No more mail, of one following or at all: it does nothing else, so it may live long."""
    FOLLOW = "comments.FOLLOW", 7 * _DAY
    """The address that it was mailed to wants to follow a conversation."""
    MODERATE = "comments.MODERATE", 7 * _DAY
    """One moderator decides about one comment, on a page with buttons."""
    JOIN = "comments.JOIN", 7 * _DAY
    """The address that it was mailed to wants the newsletter."""
    LEAVE = "comments.LEAVE", 3650 * _DAY
    """The newsletters of the address that it was mailed to: see and end them."""
    BROWSER = "comments.BROWSER", 365 * _DAY
    """A browser in which the mailed button of an address was pressed; see `access.is_proven`."""
    READER = "comments.READER", 3650 * _DAY
    """A browser's own number, so that it counts once; says nothing of a person."""

    def __init__(self, kind: str, seconds: int) -> None:
        self.kind, self.seconds = tokens.kind(kind), seconds


def make(purpose: Purpose, value: Any) -> str:
    """A token that holds `value` (JSON) for `purpose`; safe in an address."""
    return tokens.make(purpose.kind, value)


def read(purpose: Purpose, token: str) -> Any:
    """The value of a token made for `purpose`, or None: forged, expired, of another purpose."""
    return tokens.read(purpose.kind, token, seconds=purpose.seconds)
