"""Signed addresses that give a person without an account a right: one purpose each, expiring.

Holding one is enough to see; acting always takes a POST by a person's click.
"""

from __future__ import annotations

import enum
from typing import Any

from core import tokens

_DAY = 24 * 3600


class Purpose(enum.Enum):
    """What a token is for, and how long it holds (seconds); its salt is its name."""

    OWN = 30 * _DAY
    """One comment of the holder's: see it while it waits, change it for a while, delete it."""
    CONFIRM = 90 * _DAY + 1
    """One comment was written by who reads the address that it was mailed to."""
    MINE = 365 * _DAY + 2
    """Everything that was written with the address that it was mailed to."""
    STOP = 3650 * _DAY + 4
    """No more mail, of one following or at all: it does nothing else, so it may live long."""
    FOLLOW = 7 * _DAY + 5
    """The address that it was mailed to wants to follow a conversation."""
    MODERATE = 7 * _DAY + 6
    """One moderator decides about one comment, on a page with buttons."""
    JOIN = 7 * _DAY + 7
    """The address that it was mailed to wants the newsletter."""
    LEAVE = 3650 * _DAY + 8
    """The newsletters of the address that it was mailed to: see and end them."""
    BROWSER = 365 * _DAY + 9
    """A browser in which the mailed button of an address was pressed; see `access.is_proven`."""
    READER = 3650 * _DAY + 3
    """A browser's own number, so that it counts once; says nothing of a person."""

    @property
    def kind(self) -> str:
        """Its name among all kinds of tokens, and its salt."""
        return f"comments.{self.name}"


for _purpose in Purpose:
    tokens.kind(_purpose.kind)


def make(purpose: Purpose, value: Any) -> str:
    """A token that holds `value` (JSON) for `purpose`; safe in an address."""
    return tokens.make(purpose.kind, value)


def read(purpose: Purpose, token: str) -> Any:
    """The value of a token made for `purpose`, or None: forged, expired, of another purpose."""
    return tokens.read(purpose.kind, token, seconds=purpose.value)
