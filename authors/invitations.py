"""How far accounts are that were made for somebody: invited, delivered, accepted."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, QuerySet, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from authors.accounts import can_log_in
from authors.models import AccountMail, AccountMailKind, User
from core.outbox import DeliveryState


def with_invitations(users: QuerySet[User]) -> QuerySet[User]:
    """Accounts with what `standing_of` reads: whether they can log in, and their last link."""
    last = AccountMail.objects.filter(
        user=OuterRef("pk"), to_address=OuterRef("email"), kind=AccountMailKind.FIRST
    ).order_by("-pk")
    return users.annotate(
        can_log_in=ExpressionWrapper(can_log_in(), output_field=BooleanField()),
        link_state=Subquery(last.values("state")[:1]),
        link_sent_at=Subquery(last.values("sent_at")[:1]),
        link_error=Subquery(last.values("error")[:1]),
    )


def not_accepted(users: QuerySet[User]) -> QuerySet[User]:
    """Active accounts whose holders have set neither a password nor a passkey yet."""
    return users.filter(is_active=True).exclude(can_log_in())


def standing_of(user: User) -> str:
    """In words: active, inactive, or how far the invitation is. Of `with_invitations`."""
    if not user.is_active:
        return _("inactive")
    if user.can_log_in:  # type: ignore[attr-defined]
        return _("active")
    state: str | None = user.link_state  # type: ignore[attr-defined]
    sent: datetime.datetime | None = user.link_sent_at  # type: ignore[attr-defined]
    if state == DeliveryState.FAILED:
        error: str = user.link_error  # type: ignore[attr-defined]
        return _("the invitation could not be delivered: %(error)s") % {"error": error}
    if state == DeliveryState.QUEUED:
        return _("the invitation is on its way")
    if state != DeliveryState.SENT or sent is None:
        return _("no password yet, and no invitation")
    date = formats.date_format(timezone.localtime(sent), "DATE_FORMAT")
    if sent + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) < timezone.now():
        return _("invited on %(date)s, not accepted; the link is too old") % {"date": date}
    return _("invited on %(date)s, not accepted yet") % {"date": date}
