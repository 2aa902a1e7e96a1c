"""Feeds of what readers say; only what the site shows anybody."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.feeds import COUNT, PublicFeed
from blog.metadata import absolute
from blog.models import Article
from blog.reading import find_article
from blog.services import site_settings
from comments.models import Comment


class AllComments(PublicFeed):
    """The newest comments of the whole site."""

    def title(self, obj: Any) -> str:
        return _("Comments on %s") % (obj.title if obj else site_settings().title)

    def link(self, obj: Any) -> str:
        return absolute(obj.get_absolute_url() if obj else reverse("blog:home"))

    def description(self, obj: Any) -> str:
        return self.title(obj)

    def language(self, obj: Any) -> str:
        return obj.language if obj else settings.LANGUAGE_CODE

    def items(self, obj: Any) -> list[Comment]:
        comments = Comment.objects.public().select_related("article").order_by("-id")
        return list((comments.filter(article=obj) if obj else comments)[:COUNT])

    def item_title(self, item: Comment) -> str:
        return _("%(name)s on “%(title)s”") % {"name": item.name, "title": item.article.title}

    def item_description(self, item: Comment) -> str:
        return item.html

    def item_link(self, item: Comment) -> str:
        return absolute(item.get_absolute_url())

    def item_author_name(self, item: Comment) -> str:
        return item.name

    def item_pubdate(self, item: Comment) -> datetime.datetime:
        return item.created_at


class ArticleComments(AllComments):
    """The newest comments on one article."""

    def get_object(self, request: HttpRequest, year: int, month: int, slug: str) -> Article:
        article = find_article(year, month, slug, Article.objects.published())
        if article.comment_policy == "hidden":
            raise Http404
        return article
