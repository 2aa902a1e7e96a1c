"""The conversation's recurring work (see `blog.periodic`)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from blog.periodic import every
from blog.services import site_settings
from comments import following, mail
from comments.models import Comment, Delivery, DeliveryState, Reaction

__all__ = ["following", "forget_clients", "forget_mails", "mail"]


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@every(seconds=24 * 3600)
def forget_clients() -> None:
    """Drop what was kept of client addresses after the days that the site's settings say."""
    before = _ago(site_settings().client_days)
    Comment.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)
    Reaction.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)


@every(seconds=24 * 3600)
def forget_mails() -> None:
    """Delete mails that went out, or never will, after the days that the site's settings say.

    What says that a comment was told to somebody goes with them; `Comment.to_tell` is off by then.
    """
    days = site_settings().mail_days
    if days:
        done = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED)
        Delivery.objects.filter(state__in=done, created_at__lt=_ago(days)).delete()
