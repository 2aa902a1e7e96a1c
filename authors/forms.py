"""Forms for accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.template.loader import render_to_string

from authors.tasks import mail_send


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
        """Put the mail in the queue."""
        subject = "".join(render_to_string(subject_template_name, context).splitlines())
        mail_send.enqueue(subject, render_to_string(email_template_name, context), to_email)
