"""What search engines may find, and robots.txt. Addresses start at SITE_URL."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from authors.models import Author
from blog.metadata import absolute
from blog.models import Article, Tag
from blog.serving import public


class _Site:
    """The site's own name where Django would take the request's host."""

    def __init__(self) -> None:
        self.domain = self.name = settings.SITE_URL.partition("://")[2]


class _Own(Sitemap[Any]):
    """A section whose addresses start at SITE_URL."""

    protocol = settings.SITE_URL.partition("://")[0]

    def get_urls(self, page: Any = 1, site: Any = None, protocol: Any = None) -> Any:
        return super().get_urls(page, _Site(), self.protocol)  # type: ignore[arg-type]


class Articles(_Own):
    """Every published article."""

    def items(self) -> Any:
        return Article.objects.published().only("slug", "published_at", "modified_at")

    def lastmod(self, item: Article) -> datetime.datetime | None:
        return item.modified_at or item.published_at


class Authors(_Own):
    """Authors with a published article."""

    def items(self) -> Any:
        return Author.objects.filter(articles__in=Article.objects.published()).distinct()


class Tags(_Own):
    """Tags with a published article."""

    def items(self) -> Any:
        return Tag.objects.filter(articles__in=Article.objects.published()).distinct()


SECTIONS: dict[str, type[Sitemap[Any]]] = {"articles": Articles, "authors": Authors, "tags": Tags}


@public(seconds=600)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps, one for each page of each section."""
    lines = []
    for name, section_class in SECTIONS.items():
        path = reverse("blog:sitemap_section", args=[name])
        for number in section_class().paginator.page_range:
            address = absolute(path) + (f"?p={number}" if number > 1 else "")
            lines.append(f"<sitemap><loc>{address}</loc></sitemap>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'{head}<sitemapindex xmlns="{space}">{"".join(lines)}</sitemapindex>'
    return HttpResponse(text, content_type="application/xml")


@public(seconds=600)
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One sitemap; 404 for a section or page that is not there."""
    sections: dict[str, Any] = dict(SECTIONS)
    response = django_views.sitemap(request, sections, section=section)
    return response.render()


@public(seconds=3600)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: pages for people who write or search are no use to machines."""
    lines = (
        "User-agent: *", "Disallow: /admin/", "Disallow: /search/", "Disallow: /*/reply/",
        "Disallow: /me/", f"Sitemap: {absolute(reverse('blog:sitemap'))}", "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
