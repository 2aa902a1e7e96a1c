"""Autosaved forms, and who has which text open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.article import Article
from blog.models.pages import Page


class TextKind(models.TextChoices):
    """What a form is of; the names of the models."""

    ARTICLE = "article"
    PAGE = "page"


class WorkingCopy(models.Model):
    """An autosaved form; never visible to readers.

    Each opened form has a key of its own, so that two windows never overwrite each other.
    """

    kind = models.CharField(
        max_length=7,
        choices=TextKind.choices,
        default=TextKind.ARTICLE,
        db_default=TextKind.ARTICLE.value,
    )
    # One of these, by its kind; neither: a text that was never saved.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="working_copies"
    )
    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, null=True, related_name="working_copies"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_copies"
    )
    key = models.CharField(max_length=36)
    # The version of the text that the form was opened on.
    version = models.PositiveIntegerField(default=0)
    # The form's fields as they were sent: {"title": ["…"], …}.
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(_("kept"), auto_now=True)

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="blog_workingcopy_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.key}"


class Presence(models.Model):
    """A user has the form of a text open; expires without heartbeat."""

    # One of the two.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="presences"
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="presences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences"
    )
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="blog_presence_once"),
            models.UniqueConstraint(fields=["page", "user"], name="blog_presence_page_once"),
            models.CheckConstraint(
                condition=models.Q(article=None) ^ models.Q(page=None),
                name="blog_presence_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.article or self.page}"
