"""Trash of the admin: trash, restore, delete."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from authors import access
from blog.admin.writing import TextDesk
from blog.publishing import trash
from blog.site import settings

if TYPE_CHECKING:
    from authors.models import User

MOST = 200
"""What the trash shows at once."""


class TrashDesk(TextDesk):
    """Adds trash pages; subclasses name the services."""

    def throw_away(self, text: Any, user: User) -> None:
        """Put it into the trash."""
        raise NotImplementedError

    def put_back(self, text: Any) -> Any:
        """Take it out of the trash. Raises `trash.NotInTrash`."""
        raise NotImplementedError

    def delete_for_good(self, text: Any) -> None:
        """Delete it."""
        raise NotImplementedError

    def what_changed(self, before: Any, after: Any) -> str:
        """A sentence when what is put back is not what it was; else an empty text."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        act = csrf_protect(require_POST(self.trash_act_view))
        return [
            path("trash/", wrap(require_safe(self.trash_view)), name=self.named("trash")),
            path("trash/<int:number>/", wrap(act), name=self.named("trash_act")),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thrown = self._thrown_away(request).count()
        return super().changelist_view(request, {"thrown": thrown, **(extra_context or {})})

    def _thrown_away(self, request: HttpRequest) -> Any:
        return self.model._default_manager.in_trash_of(request.user)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Throw away: not yet for good."""
        text = self.editable(request, object_id)
        if not self.has_delete_permission(request, text):
            raise Http404
        if request.method == "POST":
            return csrf_protect(self._throw)(request, text)
        context = self.shown(
            request,
            _("Throw away “%(title)s”?") % {"title": text.title},
            text=text,
            days=settings.site_settings().trash_days,
        )
        return TemplateResponse(request, "admin/blog/text/throw_away.html", context)

    def _throw(self, request: HttpRequest, text: Any) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        self.throw_away(text, user)
        self.log_change(request, text, _("Thrown away."))
        words = format_html(
            '{} <a href="{}">{}</a>',
            _("“%(title)s” is in the trash.") % {"title": text.title},
            self.url("trash"),
            _("To the trash, to put it back"),
        )
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.list_url(request))

    def trash_view(self, request: HttpRequest) -> HttpResponse:
        """What was thrown away and can be put back."""
        if not self.has_add_permission(request):
            raise Http404
        days = settings.site_settings().trash_days
        rows = self._thrown_away(request).select_related("trashed_by__author")
        texts = list(rows.defer("body_source", "body_html", "body_text", "search")
                     .order_by("-trashed_at", "-pk")[:MOST])  # fmt: skip
        for text in texts:
            text.goes_at = text.trashed_at + datetime.timedelta(days=days) if days else None
        context = self.shown(
            request, _("Trash"), texts=texts, may_delete=access.is_editor(request.user)
        )
        return TemplateResponse(request, "admin/blog/text/trash.html", context)

    def trash_act_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Put back, or delete for good."""
        rows = self._thrown_away(request).filter(pk=number)
        text = rows.first()
        deleting = request.POST.get("act") == "delete"
        if text is None or (deleting and not access.is_editor(request.user)):
            raise Http404
        here = HttpResponseRedirect(self.url("trash"))
        if deleting:
            self.log_deletions(request, rows)
            self.delete_for_good(text)
            words = _("“%(title)s” is deleted for good.") % {"title": text.title}
            self.message_user(request, words, messages.SUCCESS)
            return here
        try:
            back = self.put_back(text)
        except trash.NotInTrash:
            return here
        self.log_change(request, back, _("Put back from the trash."))
        words = _("“%(title)s” is back.") % {"title": back.title}
        changed = self.what_changed(text, back)
        self.message_user(request, f"{words} {changed}".strip(), messages.SUCCESS)
        return HttpResponseRedirect(self.url("change", back.pk))
