"""Work that requests leave to the worker."""

from __future__ import annotations

from django.core.mail import send_mail
from django_tasks import task


@task()
def mail_send(subject: str, body: str, to: str) -> None:
    """Send one plain mail."""
    send_mail(subject, body, None, [to])


@task()
def password_reset_send(email: str) -> None:
    """Mail who has an account with that address a link for a new password."""
    # Imported here: accounts enqueue mails.
    from authors import accounts

    accounts.password_reset_mail(email)
