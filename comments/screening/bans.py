"""Bans of persons, e-mail patterns and networks."""

from __future__ import annotations

import datetime
import hmac
import re

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from authors.models import User
from comments.models import Action, Ban, Comment, Commenter, ModerationEvent
from core.addresses import folded

_PATTERN = re.compile(r"[^@\s]+@(?:\*\.)?[^@\s*]+\.[^@\s*]+")


def ban_for(*, email: str, client: bytes | None) -> Ban | None:
    """The ban that holds for who writes with `email` from `client`, the longest; one query.

    `client` is what `comments.posting.network_mark.digest` gives: the first 8 bytes are the
    network's.
    """
    found = Ban.objects.raw(
        "SELECT * FROM comments_ban AS ban"
        " WHERE (until IS NULL OR until > %(now)s)"
        " AND (commenter_id = (SELECT id FROM comments_commenter WHERE email = %(email)s)"
        "  OR (email <> '' AND %(email)s <> '' AND %(email)s LIKE replace(replace(replace(replace("
        r"     lower(email), '\', '\\'), '%%', '\%%'), '_', '\_'), '*', '%%'))"
        "  OR mark = %(mark)s OR network IN (%(address)s, %(network)s))"
        " ORDER BY until DESC NULLS FIRST LIMIT 1",
        {
            "now": timezone.now(),
            "email": folded(email),
            "mark": address_mark(email) if email else None,
            "address": client,
            "network": client[:8] if client else None,
        },
    )
    return next(iter(found), None)


def address_mark(email: str) -> bytes:
    """What a ban keeps of the address of somebody who was erased: 16 bytes under the secret key."""
    key = f"comments.screening.bans:{settings.SECRET_KEY}".encode()
    return hmac.digest(key, folded(email).encode(), "sha256")[:16]


def message(ban: Ban) -> str:
    """What a banned person gets to read."""
    if ban.until is None:
        said = _("You cannot take part in the conversations here.")
    else:
        said = _("You cannot take part in the conversations here until %s.") % date_format(
            timezone.localtime(ban.until), "j F Y, H:i"
        )
    reason = _("Reason: %(reason)s") % {"reason": ban.reason}
    return f"{said} {reason}" if ban.reason else said


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
    """Add a ban and its log line; `comment` was the occasion.

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
