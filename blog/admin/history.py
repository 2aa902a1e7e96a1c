"""Version history of a text: list, difference and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from blog.admin.difference import compare, lines_of_version
from blog.admin.writing import TextDesk
from blog.models.version import SavedVersion
from blog.publishing import articles, autosave
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

PAGE = 40
CONTEXT = 2
"""Unchanged paragraphs that are shown around a change."""


class HistoryDesk(TextDesk):
    """Adds history and restore pages to a text's admin."""

    def get_urls(self) -> list[URLPattern]:
        restore = self.admin_site.admin_view(csrf_protect(require_POST(self.restore_view)))
        return [
            path("<int:number>/restore/", restore, name=self.named("restore")),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every saved version, newest first; `?from=` and `?to=` show what two differ in."""
        text = self.editable(request, object_id)
        rows = text.revisions.select_related("editor__author").defer("body_source")
        if before := number_of(request.GET.get("before")):
            rows = rows.filter(version__lt=before)
        found = list(rows[: PAGE + 1])
        first, second = self._pair(request, text)
        context = self.shown(
            request,
            _("Versions of “%(title)s”") % {"title": text.title},
            text=text,
            revisions=found[:PAGE],
            older=found[PAGE - 1].version if len(found) > PAGE else None,
            newest=text.revisions.values_list("version", flat=True).first(),
            first=first,
            second=second,
            difference=compare(lines_of_version(first), lines_of_version(second), CONTEXT)
            if first and second
            else None,
            **(extra_context or {}),
        )
        return TemplateResponse(request, "admin/blog/text/history.html", context)

    def _pair(
        self, request: HttpRequest, text: Any
    ) -> tuple[SavedVersion | None, SavedVersion | None]:
        """The versions to compare, the older one first."""
        versions = sorted(number_of(request.GET.get(name)) for name in ("from", "to"))
        found = {row.version: row for row in text.revisions.filter(version__in=versions)}
        return found.get(versions[0]), found.get(versions[1])

    def restore_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Restore a version; it becomes a new version."""
        user: User = request.user  # type: ignore[assignment]
        text = self.editable(request, number)
        opened = number_of(request.POST.get("opened_on"))
        revision = text.revisions.filter(version=number_of(request.POST.get("version"))).first()
        if revision is None or not opened:
            raise Http404
        back = HttpResponseRedirect(self.url("history", text.pk))
        try:
            autosave.revision_restore(revision=revision, editor=user, expected_version=opened)
        except articles.StaleText:
            words = _("Somebody saved this text in the meantime. Look at the versions again.")
            self.message_user(request, words, messages.ERROR)
            return back
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return back
        words = _("The text says again what it said in version %d. The other one is kept.")
        self.log_change(request, text, words % revision.version)
        self.message_user(request, words % revision.version, messages.SUCCESS)
        return back
