"""Mails about articles, as rows of the outbox."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.article import Article
from core.outbox import Outgoing


class ArticleMail(Outgoing):
    """A mail to an account about an article's way to its readers."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        on_delete=models.CASCADE,
        related_name="article_mails",
    )
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Outgoing.Meta):
        verbose_name = _("mail about an article")
        verbose_name_plural = _("mails about articles")
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="blog_articlemail_once")
        ]

    @property
    def address(self) -> str:
        """The account's address."""
        return self.user.email

    @property
    def message_id_stem(self) -> str:
        """Its own number."""
        return f"article-mail.{self.pk}"

    def is_wanted(self) -> bool:
        """The account is in use, has an address, and takes this mail."""
        return bool(self.user.is_active and self.user.email and self.user.article_mail)
