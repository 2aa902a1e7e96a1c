"""The newsletter's recurring work (see `core.periodic`)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from blog.site.settings import site_settings
from core.periodic import every
from newsletter import sending


@every(seconds=20)
def begin_due() -> None:
    """Begin due sendings and resume stalled ones."""
    sending.begin_due()


@every(seconds=60)
def take_up_waiting() -> None:
    """Retry mails that the mail server did not accept."""
    sending.take_up_waiting()


@every(seconds=24 * 3600)
def forget_mails() -> None:
    """Delete mails that went out, or never will, after the days that the site's settings say."""
    days = site_settings().mail_days
    if days:
        sending.forget(before=timezone.now() - datetime.timedelta(days=days))
