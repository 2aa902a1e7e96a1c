"""The accounts' recurring work (see `core.periodic`)."""

from __future__ import annotations

from authors import account_mail
from core.periodic import every


@every(seconds=60)
def send_waiting() -> None:
    """Queue account mail that is due for another try, or lost its task."""
    account_mail.send_waiting()
