"""Slows down password guessing without locking owners out.

Eight wrong passwords for a name from one network (an address, or an IPv6 /64; `authors.limits` has
the numbers) make that name wait there for a quarter of an hour; elsewhere it goes on as before.
When many networks guess at one name, it waits everywhere but in the networks from which it logged
in before. A new password by mail and a passkey pass in every case; `manage.py let_in` is the
operator's way out.
"""

from __future__ import annotations

import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from authors import limits

# Days that the mark of a network is remembered from which somebody logged in.
KNOWN_DAYS = 30


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """django-axes, which counts per name and network, with a bound for the name alone."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether this name must wait in this network."""
        return bool(super().is_locked(request, credentials)) or self._stormed(request, credentials)

    def _stormed(self, request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
        name = get_client_username(request, credentials)
        if not name:
            return False
        cool_off = get_cool_off(request) or datetime.timedelta()
        recent = AccessAttempt.objects.filter(
            username=name, attempt_time__gte=timezone.now() - cool_off
        )
        wrong = recent.aggregate(all=Sum("failures_since_start"))["all"] or 0
        if wrong < limits.most("password-storm"):
            return False
        mark = request.axes_ip_address  # type: ignore[attr-defined]
        return not AccessLog.objects.filter(username=name, ip_address=mark).exists()


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The lockout page: until when to wait, and other ways to log in."""
    wait = get_cool_off(request) or datetime.timedelta()
    page = render(request, "admin/locked_out.html", {"until": timezone.now() + wait}, status=429)
    page["Retry-After"] = str(int(wait.total_seconds()))
    return page


def passwords_forgive(username: str) -> int:
    """Forget the wrong passwords of a name; gives how many rows of them there were."""
    return int(AccessAttempt.objects.filter(username=username).delete()[0])


def attempts_forget_old() -> None:
    """Delete old log-ins and attempts."""
    now = timezone.now()
    AccessLog.objects.filter(attempt_time__lt=now - datetime.timedelta(days=KNOWN_DAYS)).delete()
    day = now - datetime.timedelta(days=1)
    AccessAttempt.objects.filter(attempt_time__lt=day).delete()
    AccessFailureLog.objects.filter(attempt_time__lt=day).delete()
