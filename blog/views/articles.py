"""Public article pages. None reads the session, so that responses can be cached."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import F, Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from authors.models import Author
from blog.discovery.metadata import for_article, for_author, for_list, uncounted
from blog.discovery.share_links import share_links
from blog.models import Article, ArticleAuthor, Series, SiteSettings, Tag
from blog.models.article import ArticleQuerySet
from blog.reading import page_counts, related, selectors, shown
from blog.site.redirects import leads_to
from blog.site.settings import settings_keep, settings_of, site_settings_at
from core.caching import etag, framing, public, share


def _pages(request: HttpRequest, articles: ArticleQuerySet, path: str) -> dict[str, Any]:
    """One page of a list and the addresses of its neighbours; 404 for a key we never gave."""
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    try:
        page = selectors.page_of(articles, before=before, after=after)
    except selectors.BadKey as error:
        raise Http404 from error
    if (before or after) and not page.articles:
        raise Http404
    return {
        "articles": page.articles,
        "older_url": f"{path}?before={page.older}" if page.older else "",
        "newer_url": f"{path}?after={page.newer}" if page.newer else "",
        "page_number": None if before or after else 1,
    }


def _list(
    request: HttpRequest,
    *,
    kind: str,
    heading: str,
    path: str,
    articles: ArticleQuerySet,
    feeds: list[tuple[str, str]] | None = None,
    **extra: Any,
) -> HttpResponse:
    site = settings_of(request)
    pages = _pages(request, articles, path)
    above = extra.pop("above", ())
    first = pages["page_number"] == 1
    intro = extra.pop("intro", "")
    page = for_list(
        heading or site.title,
        path,
        site,
        prev_url=pages["newer_url"],
        next_url=pages["older_url"],
        feeds=feeds,
        first=first,
        above=above,
        description=intro if first else "",
    )
    featured = extra.pop("featured", None)
    if featured is not None and pages["page_number"] == 1:
        pages["articles"] = [featured, *pages["articles"]]
        extra["featured"] = featured
    shown.shows(request, pages["articles"])
    context = {"kind": kind, "heading": heading, "page": page, **pages, **extra}
    context["intro"] = intro if first else ""
    return render(request, "blog/article_list.html", context)


@public()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: newest articles first."""
    site = settings_of(request)
    articles = Article.objects.published()
    featured = None
    if site.featured_id:
        featured = articles.for_list().filter(pk=site.featured_id).first()
        # On every page of the list, so that its pages hold each article once.
        articles = articles.exclude(pk=site.featured_id) if featured else articles
    return _list(
        request,
        kind="front",
        heading="",
        path=reverse("blog:home"),
        articles=articles,
        featured=featured,
    )


@public()
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles with a tag."""
    found = get_object_or_404(Tag, slug=slug)
    feed = reverse("blog:tag_feed", args=[found.slug])
    return _list(
        request,
        kind="tag",
        heading=found.name,
        path=found.get_absolute_url(),
        articles=Article.objects.published().filter(tags=found),
        feeds=[(found.name, feed)],
        intro=found.description,
        tag=found,
    )


@public()
@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """The parts of a series in their order; 404 before the first is out."""
    found = get_object_or_404(Series, slug=slug)
    site = settings_of(request)
    parts = Article.objects.published().filter(series=found).for_list()
    articles = list(parts.order_by(F("series_place").asc(nulls_last=True), "published_at", "pk"))
    if not articles:
        raise Http404
    shown.shows(request, articles)
    context = {
        "kind": "series",
        "heading": found.title,
        "intro": found.description,
        "page": for_list(
            found.title, found.get_absolute_url(), site, description=found.description
        ),
        "articles": articles,
    }
    return render(request, "blog/article_list.html", context)


def _period(request: HttpRequest, number: int, month: int | None, **extra: Any) -> HttpResponse:
    try:
        articles = selectors.in_period(Article.objects.published(), number, month)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if not articles.exists():
        raise Http404
    if month is None:
        return _list(
            request,
            kind="year",
            heading=str(number),
            path=reverse("blog:year", args=[number]),
            articles=articles,
            **extra,
        )
    heading = date_format(datetime.date(number, month, 1), "F Y")
    return _list(
        request,
        kind="month",
        heading=heading,
        path=reverse("blog:month", args=[number, month]),
        articles=articles,
        above=[(str(number), reverse("blog:year", args=[number]))],
    )


@public()
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The articles of a year, with its months."""
    try:
        months = [
            {
                "url": reverse("blog:month", args=[year, month]),
                "date": datetime.date(year, month, 1),
                "count": count,
            }
            for month, count in selectors.months(year)
        ]
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    return _period(request, year, None, months=months)


@public()
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The articles of one month."""
    return _period(request, year, month)


@public()
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """An author's bio and articles."""
    found = get_object_or_404(Author.objects.prefetch_related("links"), slug=slug)
    site = settings_of(request)
    pages = _pages(
        request, Article.objects.published().filter(authors=found), found.get_absolute_url()
    )
    shown.shows(request, pages["articles"])
    context = {"author": found, "page": for_author(found, site), **pages}
    return render(request, "authors/author_detail.html", context)


@public(seconds=3600)
@require_safe
def short(request: HttpRequest, number: int) -> HttpResponse:
    """An article's short address leads to its own."""
    found = Article.objects.published().only("slug", "published_at").filter(pk=number).first()
    if found is None:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return leads_to(request, found.get_absolute_url(), query=query)


@require_safe
def article(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """An article with its conversation: what stands around that is kept as long as it is true."""
    begun = shown.of(request)
    head = selectors.article_head(slug)
    if head is None:
        raise Http404
    if request.path_info != head.get_absolute_url():
        raise Http404  # It leads on from there (`blog.site.redirects`), as what is below it does.
    page_counts.note(request, head.pk)
    site = settings_keep(request, site_settings_at(begun.versions.content))
    begun.article = head.pk
    shown.holds_until(request, shown.closes_at(head, site))
    shown.shows(request, [head])
    with translation.override(head.language):
        before, after = _around_conversation(request, head, site)
        context = {"article": head, "site": site}
        conversation = render_to_string("blog/_conversation.html", context, request)
        count = render_to_string("blog/_comment_count.html", context)
    before = before.replace(_COUNT_SLOT, count).replace(f'"{_COUNT}"', str(head.comment_count))
    response = HttpResponse(f"{before}{conversation}{after}")
    response["Surrogate-Key"] = f"article-{head.pk} site"
    share(response, seconds=30)
    return framing(response, head.frame_hosts)


_SLOT = "<!-- conversation -->"
_COUNT_SLOT = "<!-- count -->"
_COUNT = "\\u001a"
"""How JSON writes a sign that `core.text.tame` keeps out of all that people write: where the number
of comments goes."""
_KEPT = 300
"""Seconds that the page around a conversation is kept by this process."""


@dataclass(frozen=True)
class _Around:
    """The finished page before and after the conversation, with the number of comments left out.

    It holds as long as what is shown but conversations, until a scheduled article appears, and
    while as much is said under the articles that it names: `threads` gives the versions.
    """

    before: str
    after: str
    until: datetime.datetime | None
    threads: dict[int, int]


def _around_conversation(
    request: HttpRequest, head: Article, site: SiteSettings
) -> tuple[str, str]:
    """The page before and after the conversation, kept by this process or made anew."""
    begun = shown.of(request)
    key = f"around:{head.pk}:{etag(begun.versions.content)}"
    known: _Around | None = cache.get(key)
    is_old = known is not None and known.until is not None and known.until <= begun.began
    if known is None or is_old or shown.threads(known.threads) != known.threads:
        known = _around(request, head, site)
        cache.set(key, known, _KEPT)
    shown.shows_threads(request, known.threads)
    return known.before, known.after


def _around(request: HttpRequest, head: Article, site: SiteSettings) -> _Around:
    begun = shown.of(request)
    whole = Article.objects.defer("body_source", "search")
    whole = whole.select_related("picture", "share_picture")
    noted = {"in_family": related.in_family(), "chosen_next": related.chosen_next()}
    article = whole.annotate(**noted).get(pk=head.pk)
    links = ArticleAuthor.objects.select_related("author").prefetch_related("author__links")
    prefetch_related_objects([article], Prefetch("article_authors", queryset=links), "tags")
    context = article_context(article, site)
    context["page"] = uncounted(context["page"], "\x1a")
    threads = {other.pk: other.thread_version for other in context["related"]}
    page = render_to_string("blog/article_detail.html", context, request)
    before, _slot, after = page.partition(_SLOT)
    return _Around(before, after, begun.until, threads)


def article_context(article: Article, site: SiteSettings) -> dict[str, Any]:
    """What `blog/article_detail.html` shows, for the page and for its preview."""
    page = for_article(article, site)
    selectors.add_other_articles(article.byline, article)
    previous, following = selectors.neighbours(article) if article.is_public else (None, None)
    return {
        "article": article,
        "page": page,
        "share_links": share_links(page.canonical, article.title, site.share_networks),
        "related": related.related(article),
        "part": related.series_of(article),
        "translations": related.translations_of(article),
        "previous_article": previous,
        "next_article": following,
    }
