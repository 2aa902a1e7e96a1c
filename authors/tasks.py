"""Work that requests left to the worker before account mail had rows (see `authors.account_mail`).

Goes with the release after this one: nothing enqueues it any more, and what an older release
queued under this path still has to be sent.
"""

from __future__ import annotations

from django.core.mail import send_mail
from django_tasks import task


@task()
def mail_send(subject: str, body: str, to: str) -> None:
    """Send one plain mail."""
    send_mail(subject, body, None, [to])
