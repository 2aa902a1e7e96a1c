"""Mailed links to accounts work only for that account, logged in.

A link that was forwarded, or found in a mailbox, a history or a log, opens nothing for another.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse


class LogIn(Exception):
    """The holder of the link must log in first; `response` leads there and back."""

    def __init__(self, response: HttpResponseRedirect) -> None:
        super().__init__()
        self.response = response


def check(request: HttpRequest, user_id: int | None, **kept: str) -> None:
    """Let the account `user_id` pass, and everybody when the link is no account's (None).

    `kept` comes back in the query after logging in. Raises LogIn for who is not logged in,
    PermissionDenied for another account.
    """
    if user_id is None or request.user.pk == user_id:
        return
    if request.user.is_authenticated:
        raise PermissionDenied
    query = urlencode({name: text for name, text in kept.items() if text})
    back = f"{request.path}?{query}" if query else request.get_full_path()
    raise LogIn(to_login(back))


def to_login(back: str) -> HttpResponseRedirect:
    """The way to the login, and from there to `back`."""
    return redirect_to_login(back, reverse("admin:login"))


def is_one_click(request: HttpRequest) -> bool:
    """Whether a mail program posts its "no more of this" (RFC 8058): it cannot log in."""
    return request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click"
