"""The conversation's recurring work (see `blog.periodic`)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from blog.periodic import every
from comments import mail
from comments.models import Comment, Reaction

__all__ = ["forget_clients", "mail"]

CLIENT_DAYS = 14


@every(seconds=24 * 3600)
def forget_clients() -> None:
    """Drop what was kept of client addresses after two weeks."""
    before = timezone.now() - datetime.timedelta(days=CLIENT_DAYS)
    Comment.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)
    Reaction.objects.filter(client__isnull=False, created_at__lt=before).update(client=None)
