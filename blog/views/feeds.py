"""Feeds of articles: the whole site, an author or a tag."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import nh3
from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Stylesheet, SyndicationFeed
from django.utils.html import escape
from django.utils.timezone import localtime

from authors.models import Author
from blog.discovery.metadata import absolute, sharable
from blog.models import Article, CommentPolicy, Tag
from blog.models.article import ArticleQuerySet
from blog.reading.shown import shows
from blog.site.settings import settings_of
from blog.views.feed_format import FullRss
from core.caching import share

LENGTH: Final = 20

# What readers' programs show: one picture instead of a choice of sizes, no classes, no anchors.
_TAGS: Final = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "p": {"dir"},
    "blockquote": {"dir"},
    "ul": {"dir"},
    "ol": {"start", "dir"},
    "li": {"value"},
    "img": {"src", "width", "height", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}


def self_contained(html: str, url: str) -> str:
    """`html` for a place outside the page at `url`: cleaned once more, every link absolute."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", url),
        link_rel=None,
    )


@dataclass(frozen=True)
class Channel:
    """What one request asked for; the Feed object itself is shared by requests."""

    title: str
    description: str
    link: str
    feed_url: str
    # The stylesheet with the site's accent; empty when it has none of its own.
    style_url: str


# Generic for the type checker alone.
if TYPE_CHECKING:
    _Feed = Feed[Any, Any]
else:
    _Feed = Feed


class PublicFeed(_Feed):
    """A feed for everybody, whose addresses all start at SITE_URL.

    Django makes the addresses of a feed from the request's Host header; an address that is
    absolute already is left alone, so every one given here is.
    """

    item_guid_is_permalink = False

    def __init__(self, feed_type: type[SyndicationFeed] = FullRss) -> None:
        self.feed_type = feed_type

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The feed, kept by caches for five minutes."""
        response = super().__call__(request, *args, **kwargs)
        if settings.WEBSUB_HUB:
            # WebSub (W3C) section 4: where changes are told of, and the feed's own name.
            links = f'<{settings.WEBSUB_HUB}>; rel="hub", <{absolute(request.path)}>; rel="self"'
            response["Link"] = links
        share(response, seconds=300)
        return response

    def title(self, obj: Channel) -> str:
        """The feed's name."""
        return obj.title

    def link(self, obj: Channel) -> str:
        """The page that the feed follows."""
        return obj.link

    def feed_url(self, obj: Channel) -> str:
        """The feed's own address."""
        return obj.feed_url

    def stylesheets(self, obj: Channel) -> list[Stylesheet]:
        """What a browser shows it with."""
        urls = [static("css/site.css"), obj.style_url, static("css/feed.css")]
        return [Stylesheet(url, "text/css", "all") for url in urls if url]

    def description(self, obj: Channel) -> str:
        """RSS demands one, so the name stands in for a missing one."""
        return obj.description or obj.title

    def subtitle(self, obj: Channel) -> str:
        """Atom's word for the description."""
        return self.description(obj)


@dataclass(frozen=True)
class ArticleChannel(Channel):
    """A channel of articles."""

    articles: ArticleQuerySet
    request: HttpRequest


class ArticleFeed(PublicFeed):
    """The newest published articles of a channel, with their full text."""

    def items(self, obj: ArticleChannel) -> Iterable[Article]:
        """The newest twenty, in four queries with their people."""
        light = obj.articles.defer("body_source", "body_text", "toc", "search")
        found = list(light.with_people().order_by("-published_at", "-pk")[:LENGTH])
        shows(obj.request, found)
        return found

    def item_title(self, item: Article) -> str:
        """As text: programs that expect HTML there would show escapes of it to the others."""
        return item.title

    def item_description(self, item: Article) -> str:
        """The lead, as HTML as both formats take it."""
        return escape(item.lead)

    def item_link(self, item: Article) -> str:
        """The permalink."""
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Article) -> str:
        """Stays the same, whatever becomes of its slug, its date or the site's host."""
        return item.entry_id

    def item_pubdate(self, item: Article) -> datetime.datetime | None:
        """When it was published."""
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime.datetime | None:
        """When its words last changed; Atom demands a time."""
        return item.modified_at or item.published_at

    def item_categories(self, item: Article) -> list[str]:
        """The tags."""
        return [tag.name for tag in item.tag_list]

    def item_comments(self, item: Article) -> str | None:
        """Where the conversation is."""
        if item.comment_policy == CommentPolicy.HIDDEN:
            return None
        return f"{self.item_link(item)}#comments"

    def item_extra_kwargs(self, item: Article) -> dict[str, Any]:
        """What `blog.views.feed_format` writes beyond Django's own elements."""
        url = self.item_link(item)
        extra: dict[str, Any] = {
            "plain": item.lead,
            "content": self_contained(item.body_html, url),
            "language": item.language,
            "authors": [
                (author.name, absolute(author.get_absolute_url())) for author in item.byline
            ],
        }
        if item.comment_policy != CommentPolicy.HIDDEN:
            day = localtime(item.published_at)
            place = {"year": day.year, "month": day.month, "slug": item.slug}
            extra["comment_count"] = item.comment_count
            extra["comments_feed"] = absolute(reverse("comments:article_feed", kwargs=place))
        picture = sharable(item.picture) if item.picture else None
        if picture:
            extra["image"] = {
                "url": absolute(default_storage.url(picture["name"])),
                "type": f"image/{picture['format']}",
                "width": str(picture["width"]),
                "height": str(picture["height"]),
            }
        return extra


class SiteFeed(ArticleFeed):
    """/feed/: everything."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ArticleChannel:
        """The whole site."""
        site = settings_of(request)
        return ArticleChannel(
            title=site.title,
            description=site.tagline,
            link=absolute("/"),
            feed_url=absolute(request.path),
            style_url=site.style_url,
            articles=Article.objects.published(),
            request=request,
        )


class AuthorFeed(ArticleFeed):
    """/author/<slug>/feed/: what one author wrote, alone or with others."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ArticleChannel:
        """The author named in the address; 404 for nobody."""
        author, site = get_object_or_404(Author, slug=kwargs["slug"]), settings_of(request)
        return ArticleChannel(
            title=f"{author.name} – {site.title}",
            description=author.bio,
            link=absolute(author.get_absolute_url()),
            feed_url=absolute(request.path),
            style_url=site.style_url,
            articles=Article.objects.published().filter(authors=author),
            request=request,
        )


class TagFeed(ArticleFeed):
    """/tag/<slug>/feed/: articles with a tag."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> ArticleChannel:
        """The tag named in the URL; 404 for an unknown one."""
        tag, site = get_object_or_404(Tag, slug=kwargs["slug"]), settings_of(request)
        return ArticleChannel(
            title=f"{tag.name} – {site.title}",
            description=tag.description or site.tagline,
            link=absolute(tag.get_absolute_url()),
            feed_url=absolute(request.path),
            style_url=site.style_url,
            articles=Article.objects.published().filter(tags=tag),
            request=request,
        )
