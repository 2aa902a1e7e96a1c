"""Forms for accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordResetForm

from authors.tasks import password_reset_send


class QueuedPasswordResetForm(PasswordResetForm):
    """Leaves all to the worker, so that a known address takes no longer than another."""

    def save(self, *args: Any, **options: Any) -> None:
        """Enqueue one task, whoever has the address."""
        password_reset_send.enqueue(self.cleaned_data["email"])
