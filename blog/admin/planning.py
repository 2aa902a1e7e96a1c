"""What is planned and published in a month, day by day."""

from __future__ import annotations

import datetime
import itertools
import re
from typing import Final

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog.admin.writing import TextDesk
from blog.models import Article, ArticleAuthor, Status
from blog.reading.selectors import in_period

MOST: Final = 500
"""Articles that a month shows."""
_MONTH = re.compile(r"(?P<year>(?:19|20|21)[0-9]{2})-(?P<month>0[1-9]|1[0-2])")


def _first_day(wanted: str) -> datetime.date:
    """The first day of a month as "2026-12"; of this month for anything else."""
    if found := _MONTH.fullmatch(wanted):
        return datetime.date(int(found["year"]), int(found["month"]), 1)
    return timezone.localdate().replace(day=1)


def _day(article: Article) -> datetime.date:
    return timezone.localdate(article.published_at)


class PlannedDesk(TextDesk):
    """Adds the month to the articles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.planned_view))
        return [path("planned/", view, name=self.named("planned")), *super().get_urls()]

    def planned_view(self, request: HttpRequest) -> HttpResponse:
        """The articles with a date in `?month=`, of those that the person may edit."""
        if not self.has_add_permission(request):
            raise Http404
        first = _first_day(request.GET.get("month", ""))
        mine = Article.objects.editable_by(request.user)
        dated = in_period(mine, first.year, first.month).exclude(status=Status.ARCHIVED)
        links = Prefetch("article_authors", ArticleAuthor.objects.select_related("author"))
        rows = dated.only("title", "status", "published_at").prefetch_related(links)
        found = list(rows.order_by("published_at", "pk")[: MOST + 1])
        context = self.shown(
            request,
            _("Planned: %(month)s") % {"month": date_format(first, "F Y")},
            days=[(day, list(group)) for day, group in itertools.groupby(found[:MOST], key=_day)],
            more=len(found) > MOST,
            today=timezone.localdate(),
            before=first - datetime.timedelta(days=1),
            after=first + datetime.timedelta(days=31),
        )
        return TemplateResponse(request, "admin/blog/article/planned.html", context)
