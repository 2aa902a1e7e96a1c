"""Feeds of the conversation: everywhere, and under one article."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import SyndicationFeed
from django.utils.translation import gettext as _

from blog.discovery.metadata import absolute
from blog.models import Article, CommentPolicy
from blog.reading.selectors import find_article
from blog.site.settings import site_settings
from blog.views.feeds import LENGTH, Channel, PublicFeed, self_contained
from comments.models import Comment, below_article
from comments.models.comment import CommentQuerySet


@dataclass(frozen=True)
class CommentChannel(Channel):
    """A channel of comments."""

    comments: CommentQuerySet
    language: str


class CommentFeed(PublicFeed):
    """The newest public comments of a channel: approved, under articles anybody may see."""

    def get_feed(self, obj: CommentChannel, request: HttpRequest) -> SyndicationFeed:
        """The feed in the language of what it is about."""
        with translation.override(obj.language):
            return super().get_feed(obj, request)

    def items(self, obj: CommentChannel) -> Iterable[Comment]:
        """The newest twenty with their articles, in one query."""
        rows = obj.comments.select_related("article", "author").only(
            "html",
            "name",
            "created_at",
            "edited_at",
            "reworded_at",
            "language",
            "article__title",
            "article__slug",
            "article__published_at",
            "article__entry_path",
            "author__name",
            "author__slug",
        )
        return rows.order_by("-pk")[:LENGTH]

    def item_title(self, item: Comment) -> str:
        """Who said something about what."""
        return _("%(name)s on “%(title)s”") % {"name": item.name, "title": item.article.title}

    def item_description(self, item: Comment) -> str:
        """The whole comment."""
        return self_contained(item.html, self.item_link(item))

    def item_link(self, item: Comment) -> str:
        """The permalink."""
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Comment) -> str:
        """The first permalink: it leads on, and stays the same when the article is renamed."""
        article = item.article.entry.partition("?")[0]
        return absolute(f"{article}{below_article('comment')}{item.pk}/")

    def item_pubdate(self, item: Comment) -> datetime.datetime:
        """When it was written."""
        return item.created_at

    def item_updateddate(self, item: Comment) -> datetime.datetime:
        """When it was last edited."""
        return max(filter(None, (item.created_at, item.edited_at, item.reworded_at)))

    def item_extra_kwargs(self, item: Comment) -> dict[str, Any]:
        """The writer by name (a stranger's website is their own claim) and the language."""
        url = absolute(item.author.get_absolute_url()) if item.author else ""
        return {"authors": [(item.name, url)], "language": item.language}


class AllComments(CommentFeed):
    """/comments/feed/: what was said anywhere on the site."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> CommentChannel:
        """The whole site."""
        site = site_settings()
        return CommentChannel(
            title=_("Comments on %(title)s") % {"title": site.title},
            description=site.tagline,
            link=f"{settings.SITE_URL}/",
            feed_url=absolute(reverse("comments:feed")),
            comments=Comment.objects.public(),
            language=settings.LANGUAGE_CODE,
        )


class ArticleComments(CommentFeed):
    """/<yyyy>/<mm>/<slug>/feed/: what was said about one article."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> CommentChannel:
        """The article at the address; 404 where there is none, or none with a conversation."""
        articles = Article.objects.published().exclude(comment_policy=CommentPolicy.HIDDEN)
        article = find_article(
            kwargs["year"],
            kwargs["month"],
            kwargs["slug"],
            articles.only("title", "slug", "lead", "published_at", "language"),
        )
        place = {name: kwargs[name] for name in ("year", "month", "slug")}
        with translation.override(article.language):
            title = _("Comments on %(title)s") % {"title": article.title}
        return CommentChannel(
            title=title,
            description=article.lead,
            link=f"{absolute(article.get_absolute_url())}#comments",
            feed_url=absolute(reverse("comments:article_feed", kwargs=place)),
            comments=Comment.objects.public().filter(article=article.pk),
            language=article.language,
        )
