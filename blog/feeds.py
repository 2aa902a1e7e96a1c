"""Feeds with full text. A feed object holds no state: it is shared by all requests."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from authors.models import Author
from blog.metadata import absolute
from blog.models import Article, Tag
from blog.querysets import ArticleQuerySet
from blog.services import site_settings
from blog.serving import share

COUNT = 20


class _CommentsRss(Rss201rev2Feed):
    """RSS with the full text (content:encoded) and the number of comments (slash:comments)."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if "content" in item:
            handler.addQuickElement("content:encoded", item["content"])
            handler.addQuickElement("slash:comments", str(item["comment_count"]))


class PublicFeed(Feed):
    """A feed whose links start at SITE_URL and which caches may keep."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        share(response, seconds=300)
        return response

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        feed = super().get_feed(obj, request)
        # Django builds addresses with the request's host; ours come from the settings.
        host = f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"
        for name in ("link", "feed_url"):
            value = feed.feed.get(name) or ""
            feed.feed[name] = value.replace(host, settings.SITE_URL, 1)
        return feed


class SiteRss(PublicFeed):
    """The newest articles of the site."""

    feed_type: Any = _CommentsRss

    def articles(self, obj: Any) -> ArticleQuerySet:
        """The articles of `obj`: all of them for the site."""
        return Article.objects.published()

    def title(self, obj: Any) -> str:
        return site_settings().title if obj is None else f"{obj} – {site_settings().title}"

    def description(self, obj: Any) -> str:
        return site_settings().tagline

    def link(self, obj: Any) -> str:
        return absolute(reverse("blog:home") if obj is None else obj.get_absolute_url())

    def language(self, obj: Any) -> str:
        return settings.LANGUAGE_CODE

    def items(self, obj: Any) -> list[Article]:
        return list(
            self.articles(obj).defer("body_source", "body_text", "search").with_people()[:COUNT]
        )

    def item_title(self, item: Article) -> str:
        return item.title

    def item_description(self, item: Article) -> str:
        return item.lead or item.body_html

    def item_link(self, item: Article) -> str:
        return absolute(item.get_absolute_url())

    def item_author_name(self, item: Article) -> str:
        return ", ".join(author.name for author in item.byline)

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime.datetime | None:
        return item.modified_at or item.published_at

    def item_categories(self, item: Article) -> list[str]:
        return [tag.name for tag in item.tag_list]

    def item_comments(self, item: Article) -> str:
        return f"{absolute(item.get_absolute_url())}#comments"

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        html = item.body_html.replace('src="/', f'src="{settings.SITE_URL}/')
        return {"content": html, "comment_count": item.comment_count}


class SiteAtom(SiteRss):
    """The same as Atom."""

    feed_type = Atom1Feed

    def subtitle(self, obj: Any) -> str:
        return site_settings().tagline

    def item_description(self, item: Article) -> str:
        return item.body_html or item.lead


class AuthorRss(SiteRss):
    """The newest articles of one author."""

    def get_object(self, request: HttpRequest, slug: str) -> Author:
        return get_object_or_404(Author, slug=slug)

    def articles(self, obj: Author) -> ArticleQuerySet:
        return Article.objects.published().filter(authors=obj)


class TagRss(SiteRss):
    """The newest articles on one subject."""

    def get_object(self, request: HttpRequest, slug: str) -> Tag:
        return get_object_or_404(Tag, slug=slug)

    def articles(self, obj: Tag) -> ArticleQuerySet:
        return Article.objects.published().filter(tags=obj)
