"""Filters of the admin's lists of texts, as the fields of one form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from authors import access
from authors.models import Author
from blog.models import Article, ArticleAuthor, PagePurpose, Status, Tag
from blog.reading.selectors import in_period
from core.text import number_of

CHOICES: Final = 100
"""Authors or tags that a field holds; with more, a dialog searches the others."""
_YEARS: Final = 100
UNDATED: Final = "none"


def tags_of(user: Any) -> QuerySet[Tag]:
    """The tags that `user` may see: all for editors, those of their own articles for authors."""
    if access.is_editor(user):
        return Tag.objects.all()
    used = Article.tags.through.objects.filter(article__in=Article.objects.editable_by(user))
    return Tag.objects.filter(pk__in=used.values("tag"))


class Narrowing(admin.SimpleListFilter):
    """A select; the empty choice is everything."""

    template = "admin/blog/text/_filter.html"
    find = ""
    """Where a dialog searches for what the field does not hold; empty when it holds all."""

    def has_output(self) -> bool:
        """Also when there is little to choose: what narrows the list must be seen."""
        return True

    def value(self) -> str | None:
        """The chosen value; None for everything."""
        return super().value() or None

    def known(self) -> None:
        """Raises IncorrectLookupParameters, with which the list comes unfiltered."""
        if self.value() not in {value for value, _label in self.lookup_choices}:
            raise IncorrectLookupParameters(self.value())

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows that `value` leaves."""
        return rows.filter(**{str(self.parameter_name): value})

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the chosen value."""
        value = self.value()
        if value is None:
            return queryset
        self.known()
        return self.narrowed(queryset, value)


class _Rows(Narrowing):
    """One of many rows: the first by name, and the chosen one."""

    def rows(self, user: Any) -> QuerySet[Any]:
        """What there is to choose from."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices; one statement, and one more for a chosen row that is not among them."""
        rows = self.rows(request.user).only("pk", "name")
        found: list[Model] = list(rows[: CHOICES + 1])
        if len(found) > CHOICES:
            self.find = reverse("admin:blog_article_find", args=[self.parameter_name])
            found.pop()
            chosen = number_of(self.value() or "")
            if chosen and all(row.pk != chosen for row in found):
                found += rows.filter(pk=chosen)
        return [(str(row.pk), str(row)) for row in found]


class AuthorFilter(_Rows):
    """By an author in the byline."""

    title: Any = gettext_lazy("author")
    parameter_name = "author"

    def rows(self, user: Any) -> QuerySet[Author]:
        """Everybody: the form of an article offers them all."""
        return Author.objects.all()

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the table of bylines, which joins nothing to the list."""
        links = ArticleAuthor.objects.order_by().filter(author=int(value))
        return rows.filter(pk__in=links.values("article"))


class TagFilter(_Rows):
    """By a tag."""

    title: Any = gettext_lazy("tag")
    parameter_name = "tag"

    def rows(self, user: Any) -> QuerySet[Tag]:
        """The tags that the person may see."""
        return tags_of(user)

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By the table of tags, which joins nothing to the list."""
        links = Article.tags.through.objects.filter(tag=int(value))
        return rows.filter(pk__in=links.values("article"))


class StatusFilter(Narrowing):
    """By publication status."""

    title: Any = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Status.choices)


class LanguageFilter(Narrowing):
    """By language."""

    title: Any = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)


class YearFilter(Narrowing):
    """By year of publication, or without a date."""

    title: Any = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        years = [(str(year), str(year)) for year in _years(request.user)]
        return [*years, (UNDATED, gettext_lazy("without a date"))]

    def narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """By a period of the index of dates."""
        if value == UNDATED:
            return rows.filter(published_at=None)
        return in_period(rows, int(value), None)  # type: ignore[arg-type]


def _years(user: Any) -> Iterator[int]:
    """From the year of the last date back to the first: the two ends of the index."""
    dated = Article.objects.editable_by(user).exclude(published_at=None)
    dates = dated.values_list("published_at", flat=True)
    last = dates.order_by("-published_at", "-pk").first()
    first = dates.order_by("published_at", "pk").first()
    if last is None or first is None:
        return iter(())
    end = localtime(last).year
    return iter(range(end, max(localtime(first).year, end - _YEARS) - 1, -1))


class PublicFilter(Narrowing):
    """Pages by whether readers see them."""

    title: Any = gettext_lazy("status")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", Status.PUBLISHED.label), ("0", Status.DRAFT.label)]


class PurposeFilter(Narrowing):
    """Pages by purpose."""

    title: Any = gettext_lazy("purpose")
    parameter_name = "purpose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(PagePurpose.choices)
