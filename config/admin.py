"""The admin site: the desk of authors, editors and moderators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authors import access
from config import sections

DRAFTS = 8


class WeerwoordAdminSite(admin.AdminSite):
    """Opens with what waits for whoever logs in."""

    site_title = "Weerwoord"
    site_header = "Weerwoord"
    index_title = _("Desk")
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the site's own title, and where the overview is."""
        from blog.services import site_settings

        title = site_settings().title
        own = {"site_header": title, "site_title": title, "index_path": reverse("admin:index")}
        return super().each_context(request) | own

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By what a person comes to do; the page of one app keeps to that app."""
        found = super().get_app_list(request, app_label)
        return found if app_label else sections.grouped(found)

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
