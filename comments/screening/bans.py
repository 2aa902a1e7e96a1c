"""Who may not take part for a while: a person, e-mail addresses by a pattern, or a network."""

from __future__ import annotations

import datetime
import hmac
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from authors.models import User
from comments.models import Action, Ban, Comment, Commenter, ModerationEvent, Trust
from core.addresses import folded, mailbox

_PATTERN = re.compile(r"[^@\s]+@(?:\*\.)?[^@\s*]+\.[^@\s*]+")


# A star of a pattern stands for anything, and nothing else does. Which addresses are one mailbox
# Python says (`core.addresses.mailbox`); they begin with the same letter.
_HELD = r"""
SELECT * FROM (
    SELECT ban.*, person.email AS address,
        coalesce(%(box)s <> '' AND ban.email <> ''
            AND (%(email)s LIKE pattern OR %(box)s LIKE pattern), false)
        OR coalesce(mark = ANY(%(marks)s), false)
        OR coalesce(network = ANY(%(networks)s), false) AS holds,
        %(box)s <> '' AND left(ltrim(coalesce(person.email, ban.email), '"'), 1)
            = left(%(box)s, 1) AS resembles
    FROM comments_ban AS ban
    LEFT JOIN comments_commenter AS person ON person.id = ban.commenter_id
    CROSS JOIN LATERAL (SELECT replace(replace(replace(replace(lower(ban.email),
        '\', '\\'), '%%', '\%%'), '_', '\_'), '*', '%%') AS pattern) AS made
    WHERE until IS NULL OR until > %(now)s
) AS active
WHERE holds OR resembles
ORDER BY until DESC NULLS FIRST
"""


def ban_for(*, email: str, client: bytes | None) -> Ban | None:
    """The ban that holds for who writes with `email` from `client`, the longest; one query.

    It holds for the whole mailbox, whichever of its addresses was banned. `client` is what
    `comments.posting.network_mark.digest` gives: the first 8 bytes are the network's.
    """
    box = mailbox(email) if email else ""
    found: Iterable[Any] = Ban.objects.raw(
        _HELD,
        {
            "now": timezone.now(),
            "box": box,
            "email": folded(email),
            # Those of before were made of the address as it was.
            "marks": [address_mark(email), _keyed(folded(email))] if email else [],
            "networks": [client, client[:8]] if client else [],
        },
    )
    return next((ban for ban in found if ban.holds or box == _box(ban)), None)


def _box(ban: Any) -> str:
    return mailbox(ban.address or ban.email)


def is_blocked(person: Commenter) -> bool:
    """Whether the person, or another address of the same mailbox, was blocked."""
    if person.trust != Trust.NEW or not person.email:
        return person.trust == Trust.BLOCKED
    box = mailbox(person.email)
    blocked = Commenter.objects.filter(trust=Trust.BLOCKED, email__startswith=box[0])
    return any(mailbox(one or "") == box for one in blocked.values_list("email", flat=True))


def address_mark(email: str) -> bytes:
    """What a ban keeps of the mailbox of somebody who was erased: 16 bytes under the secret key."""
    return _keyed(mailbox(email))


def _keyed(words: str) -> bytes:
    key = f"comments.screening.bans:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, words.encode(), "sha256")[:16]


def message(ban: Ban, *, known: bool) -> str:
    """What a banned person gets to read: why and until when only who is `known` to be her."""
    if ban.until is None or not known:
        said = _("You cannot take part in the conversations here.")
    else:
        said = _("You cannot take part in the conversations here until %s.") % date_format(
            timezone.localtime(ban.until), "j F Y, H:i"
        )
    reason = _("Reason: %(reason)s") % {"reason": ban.reason}
    return f"{said} {reason}" if known and ban.reason else said


def is_pattern(words: str) -> bool:
    """Whether `words` are an address, or a pattern of addresses at one domain.

    A star stands for anything before the @, and for what comes before the domain: never for the
    whole of it, which would shut out everybody.
    """
    return _PATTERN.fullmatch(words.strip()) is not None


@transaction.atomic
def ban_add(
    *,
    actor: User | None,
    reason: str = "",
    until: datetime.datetime | None = None,
    commenter: Commenter | None = None,
    email: str = "",
    network: bytes | None = None,
    comment: Comment | None = None,
) -> Ban:
    """Ban whom the arguments name, and write it in the log; `comment` was the occasion.

    Without one it is the last comment of who is banned, if there is any. Raises ValueError when the
    arguments name nobody.
    """
    if commenter is None and not email and network is None:
        raise ValueError("nobody to ban")
    ban = Ban.objects.create(
        actor=actor,
        reason=reason[:300],
        until=until,
        commenter=commenter,
        email=folded(email)[:200],
        network=network,
    )
    ModerationEvent.objects.create(
        comment=comment or _last_of(ban),
        actor=actor,
        action=Action.BANNED,
        reason=reason[:300],
        before={"ban": ban.pk},
    )
    return ban


@transaction.atomic
def ban_lift(*, ban: Ban, actor: User | None) -> None:
    """End the ban now; one that is over stays as it is."""
    now = timezone.now()
    active = Ban.objects.filter(pk=ban.pk).filter(Q(until=None) | Q(until__gt=now))
    if active.update(until=now):
        last = _last_of(ban)
        # Without a comment it leads to the ban; it is no decision to take back.
        ModerationEvent.objects.create(
            comment=last,
            actor=actor,
            action=Action.UNBANNED,
            before={} if last else {"ban": ban.pk},
        )


def _last_of(ban: Ban) -> Comment | None:
    """The last comment of the person, or of the one address, that the ban is on."""
    if ban.commenter_id is not None:
        wrote = Comment.objects.filter(commenter=ban.commenter_id)
    elif ban.email and "*" not in ban.email:
        wrote = Comment.objects.filter(commenter__email=ban.email)
    else:
        return None
    return wrote.order_by("-id").first()
