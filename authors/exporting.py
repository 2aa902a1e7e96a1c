"""Archive format of the tables of this app; each app has an `exporting` module.

An app's `exporting` module gives `TABLES` (in an order in which what is named comes before what
names it), `LEFT_OUT` (label of a model: why it stays behind), and where something has to be
worked out once all rows are back a function `finish`, which raises `Unsound` for rows that do
not fit together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.crypto import get_random_string

from authors.models import Author, ProfileLink, User
from core.archive import Row, Table, Unsound

_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"\\]+")


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
