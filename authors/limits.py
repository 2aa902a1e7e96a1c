"""Rate limits for anonymous visitors: the table, and the only place that counts.

`LIMITS` names everything. `config.limiting` counts each request that wants something done and comes
from nobody known, by the page that it asks (`doors`); a page that stands in no row does nothing for
strangers. What a page cannot know (a mailbox, a comment) its service counts with `take`. Counters
lie in PostgreSQL, so that all processes share them, in a table without a log: a crash forgets them.
"""

from __future__ import annotations

import enum
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
ANY = 1_000_000_000
"""What 0 stands for in settings: no limit."""


class By(enum.Enum):
    """What a limit is counted by."""

    NETWORK = "network address"
    NAME = "name of an account"
    NAME_THERE = "name of an account, from one network address"
    MAILBOX = "mailbox"
    COMMENT = "comment, from one network address"
    COMMENT_ALONE = "comment"
    SITE = "whole site"


@dataclass(frozen=True)
class Limit:
    """`most` in `seconds`, counted `by` something; `told` is what the person reads then.

    `doors` are names of addresses, `space:*` for all of a namespace. With `refused` those requests
    alone count that the page answers with 403. `set_at` is the field of the site's settings that
    says how many, in the place of `most`.
    """

    by: By
    most: int
    seconds: int
    told: str | Promise = ""
    doors: tuple[str, ...] = ()
    refused: bool = False
    set_at: str = ""


_LATER = _(
    "That came very often from your network in the last hour. What you wrote is below: keep this "
    "page open and send it again later."
)
_ASKED = _("From your network this was asked very often. Try again in an hour.")
_TRIED = _("This was tried very often from your network. Try again later.")

LIMITS: dict[str, Limit] = {
    # Every form for a comment that is sent: previews and what comes back with a fault too.
    "write": Limit(By.NETWORK, 300, HOUR, _LATER, ("comments:reply",)),
    "post": Limit(By.NETWORK, 30, HOUR, set_at="posts_per_hour"),
    "post-person": Limit(By.MAILBOX, 20, HOUR, set_at="posts_per_person"),
    "own": Limit(
        By.NETWORK, 200, HOUR, _LATER,
        (
            "comments:edit", "comments:delete", "comments:appeal", "comments:mine",
            "comments:confirm", "comments:follow_confirm", "newsletter:confirm",
        ),
    ),
    "report": Limit(By.NETWORK, 20, HOUR, _LATER, ("comments:report",)),
    "value": Limit(
        By.NETWORK, 60, HOUR,
        _("That was a lot at once. Please wait an hour before you mark more comments as valuable."),
        ("comments:value",),
    ),
    "value-comment": Limit(
        By.COMMENT, 10, 7 * DAY,
        _("This comment was marked as valuable from your network as often as is counted."),
    ),
    # Mails that anybody can have sent to any address.
    "ask": Limit(
        By.NETWORK, 20, HOUR, _ASKED,
        ("comments:address", "comments:follow", "comments:request_mine", "newsletter:join"),
    ),
    # Of each kind; nobody is told, or the answer would say who is known here.
    "mailbox": Limit(By.MAILBOX, 3, DAY),
    "mailbox-confirm": Limit(By.MAILBOX, 10, DAY),
    "confirm-comment": Limit(
        By.COMMENT_ALONE, 5, DAY,
        _(
            "The mail for this comment was sent as often as is possible in a day. Look among "
            "unwanted mail too, or try again tomorrow."
        ),
    ),
    # Each of its own, or who asks for newsletters would silence those who comment.
    "strangers-confirm": Limit(By.SITE, 200, HOUR),
    "strangers-follow": Limit(By.SITE, 200, HOUR),
    "strangers-report": Limit(By.SITE, 200, HOUR),
    # Mail services press these for many readers from few addresses.
    "stop": Limit(
        By.NETWORK, 2000, HOUR, _LATER,
        ("comments:stop", "newsletter:stop", "blog:article_mail"),
    ),
    "moderate": Limit(By.NETWORK, 300, HOUR, _LATER, ("comments:moderate", "comments:decide")),
    "inbound": Limit(By.NETWORK, 60, HOUR, _TRIED, ("comments:inbound",), refused=True),
    # What is said in a mail is looked at piece by piece. More are taken later: nothing is lost.
    "mail-person": Limit(By.MAILBOX, 40, HOUR),
    # Nobody known gets further than the log-in there.
    "desk": Limit(
        By.NETWORK, 300, HOUR, _LATER,
        (
            "admin:*", "second_factor:*", "comments:visits",
            "otp_webauthn:credential-registration-begin",
            "otp_webauthn:credential-registration-complete",
        ),
    ),
    "login": Limit(By.NETWORK, 100, HOUR, _TRIED, ("admin:login",)),
    "password": Limit(By.NAME_THERE, 8, 15 * MINUTE),
    "password-storm": Limit(By.NAME, 50, 15 * MINUTE),
    "code": Limit(By.NETWORK, 60, HOUR, _TRIED, ("second_factor:verify",)),
    "passkey": Limit(
        By.NETWORK, 60, HOUR, _TRIED,
        (
            "otp_webauthn:credential-authentication-begin",
            "otp_webauthn:credential-authentication-complete",
        ),
    ),
    "reset": Limit(By.NETWORK, 20, HOUR, _ASKED, ("admin_password_reset",)),
    "reset-mailbox": Limit(By.MAILBOX, 1, 5 * MINUTE),
    "new-password": Limit(By.NETWORK, 60, HOUR, _TRIED, ("password_reset_confirm",)),
}  # fmt: skip

_DOORS = {door: name for name, limit in LIMITS.items() for door in limit.doors}


class TooMany(Exception):
    """The limit `name` is exceeded; may be tried again in `wait` seconds."""

    def __init__(self, name: str, wait: int) -> None:
        super().__init__(name)
        self.name, self.wait = name, wait

    @property
    def told(self) -> str:
        """What the person reads."""
        return str(LIMITS[self.name].told)


@dataclass(frozen=True)
class Use:
    """One use of the row `name` by `who`; `most` comes from the site's settings where they say."""

    name: str
    who: str | bytes
    most: int | None = None

    @property
    def key(self) -> bytes:
        """What is stored of it: nobody reads from that who it was."""
        who = self.who.encode() if isinstance(self.who, str) else self.who
        secret = f"authors.limits:{settings.SECRET_KEY}".encode()
        return hmac.digest(secret, self.name.encode() + b"\0" + who, "sha256")[:16]

    @property
    def bound(self) -> int:
        """How many there may be."""
        return most(self.name) if self.most is None else self.most or ANY


def most(name: str) -> int:
    """How many of `name` there may be: as the operator says (`LIMITS`), else as the table does."""
    return settings.LIMITS.get(name, LIMITS[name].most) or ANY


def overrides(words: Iterable[str]) -> dict[str, int]:
    """Other numbers for rows, written `name=number`. Raises ImproperlyConfigured."""
    found = {}
    for word in words:
        name, _is, number = word.partition("=")
        if name not in LIMITS or LIMITS[name].set_at or not number.isdecimal():
            raise ImproperlyConfigured(
                f"LIMITS: {word!r} is not name=number with a name of docs/running/operations.md."
            )
        found[name] = int(number)
    return found


def door(view_name: str) -> str | None:
    """The limit for a URL name; None when anonymous visitors may send nothing there."""
    found = _DOORS.get(view_name)
    return found or _DOORS.get(f"{view_name.partition(':')[0]}:*")


def network(request: HttpRequest) -> str:
    """The network that a request is counted under: an IPv4 address or an IPv6 /64."""
    found: str = import_string(settings.CLIENT_ADDRESS)(request)
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return found
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


# Settings read this module, before there are models.
_FORGET: Final = "DELETE FROM authors_tally WHERE until < %s"
# One statement for every request that a stranger sends; the ORM cannot add to a row that it
# inserts unless it is there. The keys come sorted: two requests never wait in a ring.
_COUNT: Final = """
INSERT INTO authors_tally AS kept (key, used, until)
SELECT key, 1, until FROM unnest(%s::bytea[], %s::timestamptz[]) AS given (key, until)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN kept.until <= %s THEN 1 ELSE LEAST(kept.used, 1000000) + 1 END,
    until = CASE WHEN kept.until <= %s THEN EXCLUDED.until ELSE kept.until END
RETURNING key, used, until
"""


def take(*uses: Use) -> None:
    """Count `uses`, in one statement. Raises `TooMany` for the first that is over its limit.

    What is refused counts too, and makes the wait no longer. Inside a transaction the rows stay
    locked until its end.
    """
    bounded = sorted((use for use in uses if use.bound < ANY), key=lambda use: use.key)
    if not bounded:
        return
    now = timezone.now()
    keys = [use.key for use in bounded]
    ends = [now + timedelta(seconds=LIMITS[use.name].seconds) for use in bounded]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [keys, ends, now, now])
        found = {bytes(key): (used, until) for key, used, until in cursor.fetchall()}
    for use in bounded:
        used, until = found[use.key]
        if used > use.bound:
            raise TooMany(use.name, max(1, int((until - now).total_seconds()) + 1))


def allows(*uses: Use) -> bool:
    """Count `uses`; whether none is over its limit."""
    try:
        take(*uses)
    except TooMany:
        return False
    return True


def counters_forget_old() -> None:
    """Delete expired counters."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [timezone.now()])


def wrong_passwords(_request: HttpRequest, _credentials: Any) -> int:
    """How many wrong passwords django-axes lets pass."""
    return most("password")


def password_wait(_request: HttpRequest | None = None) -> timedelta:
    """How long django-axes lets a name wait after them."""
    return timedelta(seconds=LIMITS["password"].seconds)
