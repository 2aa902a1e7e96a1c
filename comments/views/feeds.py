"""Feeds of the conversation: everywhere, and under one article."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.feedgenerator import SyndicationFeed
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blog.discovery.metadata import absolute
from blog.models import Article, CommentPolicy
from blog.reading.selectors import find_article
from blog.reading.shown import shows
from blog.site.settings import settings_of
from blog.views.feeds import LENGTH, Channel, PublicFeed, self_contained
from comments.models import Comment
from comments.models.comment import CommentQuerySet
from comments.thread import access, plain_text

# Of the article at whose address the feed is.
_TOLD_OF: Final = (
    *("title", "slug", "lead", "published_at", "language", "conversation", "thread_version"),
)
# Letters of a comment that a browser's page of a feed shows.
_EXCERPT: Final = 300


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
            "article__entry_id",
            "entry_id",
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
        """Stays the same, wherever its article or the site goes."""
        return item.entry

    def item_pubdate(self, item: Comment) -> datetime.datetime:
        """When it was written."""
        return item.created_at

    def item_updateddate(self, item: Comment) -> datetime.datetime:
        """When it was last edited."""
        return max(filter(None, (item.created_at, item.edited_at, item.reworded_at)))

    def item_extra_kwargs(self, item: Comment) -> dict[str, Any]:
        """The writer by name (a stranger's website is their own claim) and the language."""
        url = absolute(item.author.get_absolute_url()) if item.author else ""
        plain = Truncator(plain_text.words_of(item)).chars(_EXCERPT, truncate=" …")
        return {"authors": [(item.name, url)], "language": item.language, "plain": plain}


class AllComments(CommentFeed):
    """/comments/feed/: what was said anywhere on the site."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> CommentChannel:
        """The whole site."""
        site = settings_of(request)
        return CommentChannel(
            title=_("Comments on %(title)s") % {"title": site.title},
            description=site.tagline,
            link=f"{settings.SITE_URL}/",
            feed_url=absolute(request.path),
            style_url=site.style_url,
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
            articles.only(*_TOLD_OF),
        )
        shows(request, [article])
        with translation.override(article.language):
            title = _("Comments on %(title)s") % {"title": article.title}
        return CommentChannel(
            title=title,
            description=article.lead,
            link=f"{absolute(article.get_absolute_url())}#comments",
            feed_url=absolute(request.path),
            style_url=settings_of(request).style_url,
            comments=Comment.objects.public().filter(article=access.home_id(article)),
            language=article.language,
        )
