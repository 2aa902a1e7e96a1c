"""Forms for accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.core.cache import cache
from django.template.loader import render_to_string

from authors.tasks import mail_send

# Seconds within which an account is mailed once, however often it is asked for.
_PAUSE = 300


class QueuedPasswordResetForm(PasswordResetForm):
    """Leaves the mail to the worker, so that a known address takes no longer than another."""

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Put the mail in the queue, once in a while."""
        if not cache.add(f"authors.reset:{context['user'].pk}", 1, _PAUSE):
            return
        subject = "".join(render_to_string(subject_template_name, context).splitlines())
        mail_send.enqueue(subject, render_to_string(email_template_name, context), to_email)
