"""What search engines are told: the sitemap (sitemaps.org, with Google's images and news),
robots.txt and the key of IndexNow.

Every address starts at SITE_URL; Django's own index takes the request's Host header, so the
index is made here.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.core.files.storage import default_storage
from django.core.paginator import Page as DjangoPage
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from authors.models import Author
from blog.content import sanitiser
from blog.discovery.metadata import absolute, sharable
from blog.models import Article, Image, Page, Series, Tag
from blog.models.article import ArticleQuerySet
from blog.reading import steps
from blog.reading.shown import holds_until
from blog.site.settings import site_settings
from core.caching import public

_NEWS: Final = datetime.timedelta(days=2)
# Of an article: what its address, its date and its translations are told by.
_COLUMNS: Final = ("slug", "published_at", "modified_at", "language", "translation_set")


# Generic for the type checker alone.
if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap


class Section(_Sitemap):
    """A part of the sitemap, at most a thousand addresses a page; made anew for each request.

    What has a page of a list for its page says no date of change: to find the latest among all its
    articles would read them all.
    """

    limit = 1000

    def get_domain(self, site: Any = None) -> str:
        """The host of SITE_URL, whatever the request says."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        """The scheme of SITE_URL."""
        return urlsplit(settings.SITE_URL).scheme


class Thousands(Paginator[Any]):
    """Pages of a thousand numbers each, so that none counts or skips what is on the others."""

    def __init__(self) -> None:
        super().__init__([], steps.THOUSAND)

    @cached_property
    def _thousands(self) -> list[int]:
        return steps.thousands()

    @property
    def num_pages(self) -> int:
        """How many hold articles, and one at the least."""
        return max(1, len(self._thousands))

    def page(self, number: int | str) -> DjangoPage[Any]:
        """Those of the newest thousand on the first. Raises EmptyPage and PageNotAnInteger."""
        number = self.validate_number(number)
        rows = [_light(steps.of_thousand(one)) for one in self._thousands[number - 1 : number]]
        return DjangoPage(list(rows[0]) if rows else [], number, self)


def _light(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Only the columns that the sitemap shows, the newest first."""
    light = articles.select_related("picture").only(*_COLUMNS, "picture__renditions")
    return light.order_by("-published_at", "-pk")


class ArticleSection(Section):
    """The published articles and their pictures."""

    @property
    def paginator(self) -> Paginator[Any]:
        """A page for each thousand numbers that articles have."""
        return Thousands()

    def lastmod(self, item: Article) -> datetime.datetime | None:
        """When its words last changed."""
        return item.modified_at or item.published_at

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        """Django's entries, with the addresses of its pictures as `images`, and its `versions`."""
        urls = super().get_urls(page, site, protocol)
        inside = _pictures_inside([url["item"].pk for url in urls])
        versions = _versions({url["item"].translation_set for url in urls})
        for url in urls:
            article = url["item"]
            pictures = [article.picture] if article.picture else []
            shown = [sharable(picture) for picture in [*pictures, *inside.get(article.pk, ())]]
            names = dict.fromkeys(picture["name"] for picture in shown if picture)
            url["versions"] = versions.get(article.translation_set, [])
            url["images"] = [absolute(default_storage.url(name)) for name in names]
        return urls


class News(ArticleSection):
    """What was published in the last two days, as Google News wants it."""

    @property
    def paginator(self) -> Paginator[Any]:
        """One page."""
        return Paginator(self.items(), self.limit)

    def items(self) -> ArticleQuerySet:
        """The newest thousand at the most."""
        since = timezone.now() - _NEWS
        rows = _light(Article.objects.published().filter(published_at__gte=since))
        columns = (*_COLUMNS, "title", "picture__renditions")
        newest: ArticleQuerySet = rows.only(*columns)[: self.limit]
        return newest

    def changes_at(self) -> datetime.datetime | None:
        """When the first of them stops being news."""
        rows = Article.objects.published().filter(published_at__gte=timezone.now() - _NEWS)
        first = rows.order_by("published_at").values_list("published_at", flat=True).first()
        return first + _NEWS if first else None

    def get_urls(
        self, page: int | str = 1, site: Any = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        """Those of articles, with `news`: the article, and the publication's name."""
        name = site_settings().title
        return [{**url, "news": name} for url in super().get_urls(page, site, protocol)]


def _versions(sets: set[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    """Language and address of every article of `sets`, where they have more than one; one query."""
    rows = Article.objects.published().filter(translation_set__in=sets)
    found = defaultdict(list)
    for row in rows.only("slug", "published_at", "language", "translation_set").order_by("pk"):
        found[row.translation_set].append((row.language, absolute(row.get_absolute_url())))
    return {key: versions for key, versions in found.items() if len(versions) > 1}


def _pictures_inside(articles: list[int]) -> dict[int, list[Image]]:
    """The pictures within the texts of articles, two queries for a page of them."""
    texts = Article.objects.filter(pk__in=articles, body_source__contains="data-image=")
    wanted = {
        pk: sorted(sanitiser.picture_numbers(source))
        for pk, source in texts.order_by().values_list("pk", "body_source")
    }
    numbers = {number for found in wanted.values() for number in found}
    images = Image.objects.only("renditions").in_bulk(numbers)
    return {
        pk: [images[number] for number in found if number in images] for pk, found in wanted.items()
    }


class Authors(Section):
    """The authors who have published."""

    def items(self) -> Iterable[Any]:
        """Authors by name."""
        return _of_published(Author.objects.order_by("name", "pk"), "authors")


class TagSection(Section):
    """The tags of published articles."""

    def items(self) -> Iterable[Any]:
        """Tags by name."""
        return _of_published(Tag.objects.order_by("name", "pk"), "tags")


def _of_published(rows: QuerySet[Any], link: str) -> QuerySet[Any]:
    """Those of `rows` to which a published article has the link of that name.

    One article of each is looked for, as PostgreSQL would not do with EXISTS: it joins them all.
    """
    one = Article.objects.published().filter(**{link: OuterRef("pk")}).order_by()
    found: QuerySet[Any] = rows.alias(one=Subquery(one.values("pk")[:1])).filter(one__isnull=False)
    return found


class Archive(Section):
    """The front page, and a page for each year and month that has articles."""

    def items(self) -> list[str]:
        """Their paths."""
        months = steps.periods("month")
        years = dict.fromkeys(month.year for month in months)
        return [
            reverse("blog:home"),
            *(reverse("blog:year", args=[year]) for year in years),
            *(reverse("blog:month", args=[month.year, month.month]) for month in months),
        ]

    def location(self, item: str) -> str:
        """The path itself."""
        return item


class PageSection(Section):
    """The pages beside the articles."""

    def items(self) -> QuerySet[Page]:
        """Those that readers see."""
        return Page.objects.published().order_by("slug").only("slug", "modified_at")

    def lastmod(self, item: Page) -> datetime.datetime:
        """When it was last saved."""
        return item.modified_at


class AllSeries(Section):
    """The series of which readers see a part."""

    def items(self) -> Iterable[Any]:
        """Series by title."""
        return _of_published(Series.objects.order_by("title", "pk"), "series")


SECTIONS: Final[dict[str, type[Section]]] = {
    "articles": ArticleSection,
    "news": News,
    "authors": Authors,
    "tags": TagSection,
    "pages": PageSection,
    "series": AllSeries,
    "archive": Archive,
}


@public(seconds=3600)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """/sitemap.xml: the pages of every section."""
    pages = []
    for name, make in SECTIONS.items():
        part = make()
        url = absolute(reverse("blog:sitemap_section", args=[name]))
        for number in part.paginator.page_range:
            location = url if number == 1 else f"{url}?p={number}"
            pages.append({"location": location})
    return TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": pages}, content_type="application/xml"
    )


@public(seconds=3600)
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """/sitemap-<section>.xml, `?p=2` and on: the addresses. 404 for others."""
    if section == "news":
        holds_until(request, News().changes_at())
    return sitemap(request, {**SECTIONS}, section=section, template_name="blog/sitemap.xml")


@public(seconds=3600)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """/robots.txt (RFC 9309): what crawlers had better not walk through, and the sitemap."""
    closed = (
        reverse("admin:index"),
        reverse("blog:search"),
        reverse("comments:me"),
        "/*/reply/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines += [f"Sitemap: {absolute(reverse('blog:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def indexnow(request: HttpRequest) -> HttpResponse:
    """/indexnow.txt: proves to search engines that who pings them owns the site."""
    if not settings.INDEXNOW_KEY:
        raise Http404
    return HttpResponse(settings.INDEXNOW_KEY, content_type="text/plain; charset=utf-8")
