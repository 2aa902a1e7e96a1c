"""What leaves with an archive, told table by table; each app has an `exporting` like this one.

An app's `exporting` module gives `TABLES` (in an order in which what is named comes before what
names it), `LEFT_OUT` (label of a model: why it stays behind), and where something has to be
worked out once all rows are back a function `finish`, which raises `Unsound` for rows that do
not fit together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.crypto import get_random_string

from authors.models import Author, ProfileLink, User

_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"\\]+")


Row = dict[str, Any]
"""The values of one row by the names of its columns ("author_id")."""


class Unsound(ValueError):
    """Rows of an archive that the site cannot take; the message says which and why."""


def _nothing(row: Row) -> None:
    """Most rows are stored as they stand."""


def _no_files(row: Row) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Table:
    """How the rows of `model` are written and read back."""

    model: type[Model]
    # Fields that are worked out from others, or must not leave; `settle` fills those that need it.
    without: frozenset[str] = frozenset()
    # Fields that leave only when they are asked for.
    secret: frozenset[str] = frozenset()
    # Called with a row before it is stored: cleans it and works out what was left out.
    settle: Callable[[Row], None] = _nothing
    # Names in the media storage that a row speaks of.
    files: Callable[[Row], Iterable[str]] = _no_files
    # Fields that come first: the order in an archive stays when the model's own changes.
    order: tuple[str, ...] = ()
    # Whether a new site has rows of its own, which then make way.
    replaces: bool = False

    @property
    def has_files(self) -> bool:
        """Whether rows can speak of files at all."""
        return self.files is not _no_files


def web_address(value: str) -> None:
    """Raises Unsound unless `value` is empty or an http(s) address without odd characters."""
    if value and not _WEB.fullmatch(value):
        raise Unsound(f"not a web address: {value[:80]!r}")


def _user(row: Row) -> None:
    if not row.get("password"):
        # One that nobody knows, rather than none: a new one can then be asked for by mail.
        row["password"] = make_password(get_random_string(40))


def _photos(row: Row) -> Iterable[str]:
    if row["photo"]:
        yield row["photo"]
    for formats in row["photo_renditions"].values():
        yield from formats.values()


TABLES = (
    Table(Group, replaces=True),
    Table(User, secret=frozenset({"password"}), settle=_user),
    Table(User.groups.through),
    Table(Author, settle=lambda row: web_address(row["website"]), files=_photos),
    Table(ProfileLink, settle=lambda row: web_address(row["url"])),
)
LEFT_OUT = {
    "authors.Tally": "how often something was done in the last hours",
    "authors.AccountMail": "went out already; what still waits is the old site's to send",
    "authors.RecoveryCodes": "they belong to a second factor, which stays where it was set up",
    "authors.User_user_permissions": "rights come from roles",
}
