"""The report of dead links: where they stand, what came of them, and what to do about it."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from authors import access
from blog.admin.editors import ReadOnly
from blog.discovery import dead_links
from blog.models import Article, CheckedLink, LinkFault, LinkUse
from blog.site.settings import settings_of

_NOT_FOUND = 404
_GONE = 410
_SERVER = 500
_TEXTS = ("body_source", "body_html", "body_text", "toc", "search")


def outcome_of(link: CheckedLink) -> str:
    """What came of looking at an address, for people."""
    if link.fault:
        return str(LinkFault(link.fault).label)
    status = link.status or 0
    if status == _NOT_FOUND:
        words = _("not found (%(status)d)")
    elif status == _GONE:
        words = _("gone for good (%(status)d)")
    elif status >= _SERVER:
        words = _("error of that site (%(status)d)")
    else:
        words = _("refused (%(status)d)")
    return words % {"status": status}


def _day(moment: datetime.datetime | None) -> str:
    return date_format(localtime(moment), "j M Y") if moment else ""


class IgnoredFilter(admin.SimpleListFilter):
    """What is to be mended, or what somebody set aside."""

    title = gettext_lazy("status")
    parameter_name = "ignored"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("ignored"))]

    def choices(self, changelist: Any) -> Any:
        """The first is what is not ignored."""
        first, *others = super().choices(changelist)
        return [{**first, "display": _("to be mended")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(link__ignored=self.value() == "yes")


@admin.register(LinkUse)
class DeadLinksAdmin(ReadOnly):
    """Dead links in all texts for editors, in their own articles for authors."""

    list_display = ("address", "where", "passage", "outcome", "since", "looked_at")
    list_display_links = None
    list_filter = (IgnoredFilter,)
    search_fields = ("link__url", "article__title", "page__title")
    list_select_related = ("link", "article", "page")
    list_per_page = 50
    list_max_show_all = 50
    show_facets = admin.ShowFacets.NEVER
    actions = ("look_again", "ignore", "take_back")
    change_list_template = "admin/blog/linkuse/change_list.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_editor(request.user) or access.author_of(request.user) is not None

    def has_view_permission(self, request: HttpRequest, obj: LinkUse | None = None) -> bool:
        if obj is not None:
            return self.get_queryset(request).filter(pk=obj.pk).exists()
        return access.may_write(request.user)

    def has_ignore_permission(self, request: HttpRequest) -> bool:
        """Editors: it holds for every text with that address."""
        return access.is_editor(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkUse]:
        found = LinkUse.objects.in_public().filter(link__dead=True)
        if not access.is_editor(request.user):
            mine = Article.objects.editable_by(request.user)
            found = found.filter(article__in=mine.values("pk"))
        texts = (f"{name}__{column}" for name in ("article", "page") for column in _TEXTS)
        return found.defer(*texts)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Reads the titles of the articles that rows lead to, at once."""
        found = super().get_changelist_instance(request)
        numbers = [dead_links.article_number(use.link.url) for use in found.result_list]
        rows = Article.objects.filter(pk__in=[number for number in numbers if number])
        titles = dict(rows.values_list("pk", "title"))
        for use in found.result_list:
            use.leads_to = titles.get(dead_links.article_number(use.link.url) or 0, "")
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, and whether other sites are asked at all."""
        site = settings_of(request)
        told = {
            "asks": site.check_links,
            "settings_url": reverse("admin:blog_sitesettings_change", args=[1])
            if access.is_owner(request.user)
            else "",
        }
        return super().changelist_view(request, {**told, **(extra_context or {})})

    @admin.display(description=gettext_lazy("address"), ordering="link__url")
    def address(self, use: LinkUse) -> SafeString | str:
        """The address, as a link to try it; an own article by its title."""
        url = use.link.url
        if url.startswith("article:"):
            return use.leads_to or _("an article that is gone")  # type: ignore[attr-defined]
        shown = url if len(url) <= 90 else url[:89] + "…"
        return format_html('<a href="{}" rel="noopener noreferrer" dir="ltr">{}</a>', url, shown)

    @admin.display(description=gettext_lazy("stands in"), ordering="article")
    def where(self, use: LinkUse) -> SafeString:
        """The article or page, as a link to its form."""
        text = use.text
        name = "article" if isinstance(text, Article) else "page"
        return format_html(
            '<a href="{}">{}</a>',
            reverse(f"admin:blog_{name}_change", args=[text.pk]),
            text.title,
        )

    @admin.display(description=gettext_lazy("what came of it"))
    def outcome(self, use: LinkUse) -> str:
        """The last answer."""
        return outcome_of(use.link)

    @admin.display(description=gettext_lazy("since"), ordering="link__failing_since")
    def since(self, use: LinkUse) -> str:
        """When it failed first."""
        return _day(use.link.failing_since)

    @admin.display(description=gettext_lazy("looked at"), ordering="link__asked_at")
    def looked_at(self, use: LinkUse) -> str:
        """When it was looked at last."""
        return _day(use.link.asked_at)

    def _links(self, queryset: QuerySet[LinkUse]) -> QuerySet[CheckedLink]:
        return CheckedLink.objects.filter(pk__in=list(queryset.values_list("link", flat=True)))

    @admin.action(description=gettext_lazy("Look again"), permissions=["view"])
    def look_again(self, request: HttpRequest, queryset: QuerySet[LinkUse]) -> None:
        """Own links at once; others are asked by the worker when that is switched on."""
        links = self._links(queryset)
        others = links.exclude(host="").count()
        there = dead_links.links_look_again(links=links)
        if there:
            words = ngettext("%(count)d leads somewhere again.", "%(count)d lead somewhere again.",
                             there)  # fmt: skip
            self.message_user(request, words % {"count": there}, messages.SUCCESS)
        if others and not settings_of(request).check_links:
            words = _("Other sites are not asked: that is switched off in the settings.")
            self.message_user(request, words, messages.WARNING)
        elif others:
            words = _("Other sites are asked again in the next minutes.")
            self.message_user(request, words, messages.SUCCESS)
        elif not there:
            self.message_user(request, _("Looked again: nothing has changed."), messages.INFO)

    @admin.action(description=gettext_lazy("Ignore"), permissions=["ignore"])
    def ignore(self, request: HttpRequest, queryset: QuerySet[LinkUse]) -> None:
        """Out of the list, in every text."""
        self._ignore(request, queryset, True, _("Ignored: they stand under “ignored”."))

    @admin.action(description=gettext_lazy("Do not ignore any more"), permissions=["ignore"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[LinkUse]) -> None:
        """Back into the list."""
        self._ignore(request, queryset, False, _("They stand in the list again."))

    def _ignore(
        self, request: HttpRequest, queryset: QuerySet[LinkUse], ignored: bool, words: str
    ) -> None:
        dead_links.links_ignore(links=self._links(queryset), ignored=ignored)
        self.message_user(request, words, messages.SUCCESS)
