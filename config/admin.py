"""The admin site: the desk of authors, editors and moderators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from authors import access

DRAFTS = 8


class WeerwoordAdminSite(admin.AdminSite):
    """Opens with what waits for whoever logs in."""

    site_title = "Weerwoord"
    site_header = "Weerwoord"
    index_title = _("Desk")
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Unfinished and scheduled articles, and comments that wait for a decision."""
        # Imported here: Django makes the site before its models.
        from blog.models import Article, Status
        from comments.models import Comment, State

        mine = Article.objects.editable_by(request.user)
        unfinished = mine.filter(status__in=(Status.DRAFT, Status.REVIEW)).order_by("-pk")
        scheduled = mine.filter(status=Status.SCHEDULED).order_by("published_at")
        held = Comment.objects.moderated_by(request.user).filter(state=State.PENDING)
        desk = {
            "may_write": access.is_editor(request.user)
            or access.author_of(request.user) is not None,
            "unfinished": unfinished.only("pk", "title", "status")[:DRAFTS],
            "scheduled": scheduled.only("pk", "title", "published_at")[:DRAFTS],
            "held": held.count(),
        }
        answer: HttpResponse = super().index(request, {**desk, **(extra_context or {})})
        return answer
