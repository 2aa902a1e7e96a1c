"""Forms for accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordResetForm

from authors import accounts


class QueuedPasswordResetForm(PasswordResetForm):
    """Leaves the mail to the outbox, so that a known address takes no longer than another."""

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Put the mail in the outbox; its link is made when it goes out."""
        accounts.password_reset_mail(context["user"])
