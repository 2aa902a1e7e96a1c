"""The page of moderation's figures."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from authors import access
from comments.models import Comment
from comments.moderation import figures, selection
from comments.moderation.decisions import name_of
from comments.views import cards


def figures_view(request: HttpRequest) -> HttpResponse:
    """What waits for how long, how fast it is decided, the filter's errors, the busiest threads.

    Owners also see it by colleague. A fixed number of queries.
    """
    if not access.roles_of(request.user):
        raise PermissionDenied
    user = cards.user_of(request)
    decided = figures.decisions(user)
    context = {
        **admin.site.each_context(request),
        "title": _("Figures of moderation"),
        "opts": Comment._meta,
        "ages": [
            (words, selection.in_words(number)) for words, number in figures.waiting_by_age(user)
        ],
        "days": figures.DAYS,
        "total": _row(decided[0]) if decided else None,
        "colleagues": [_row(row) for row in decided[1:]] if access.is_owner(user) else [],
        "rates": figures.filter_errors() if access.is_moderator(user) else None,
        "busiest": figures.busiest(user),
    }
    return render(request, "admin/comments/comment/figures.html", context)


def _row(row: figures.ByModerator) -> dict[str, Any]:
    return {
        "name": name_of(row.user),
        "decisions": row.decisions,
        "taken_back": row.taken_back,
        "median": _in_words(row.median),
    }


def _in_words(length: datetime.timedelta) -> str:
    now = timezone.now()
    return timesince(now - length, now)
