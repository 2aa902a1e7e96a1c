"""Addresses that published texts link to, and whether they still answer."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.article import Article
from blog.models.pages import Page


class LinkFault(models.TextChoices):
    """Why there was no answer."""

    NAME = "name", _("no site has that name")
    SILENT = "silent", _("no answer")
    UNSAFE = "unsafe", _("no safe connection")
    UNSEEN = "unseen", _("readers do not see that page")


class CheckedLink(models.Model):
    """An address that texts link to, and what came of looking at it.

    `host` is empty for one of this site, which is looked up in the database: its `url` is
    "article:12" or a path.
    """

    url = models.CharField(_("address"), max_length=2000)
    # Of `url`, which is too long for an index.
    digest = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255, blank=True)
    # Of the last answer; None when there was none, which `fault` explains.
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    fault = models.CharField(max_length=10, choices=LinkFault, blank=True)
    # Looks in a row that found nothing, and when the first of them was.
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(_("since"), null=True)
    # After several looks on several days.
    dead = models.BooleanField(default=False)
    ignored = models.BooleanField(_("ignored"), default=False)
    asked_at = models.DateTimeField(_("looked at"), null=True)
    next_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("address that is linked to")
        verbose_name_plural = _("addresses that are linked to")
        indexes = [
            models.Index(
                fields=["next_at"],
                name="blog_checkedlink_next",
                condition=~Q(host="") & Q(ignored=False),
            ),
            models.Index(fields=["next_at"], name="blog_checkedlink_own", condition=Q(host="")),
            models.Index(fields=["host", "asked_at"], name="blog_checkedlink_host"),
            models.Index(fields=["id"], name="blog_checkedlink_dead", condition=Q(dead=True)),
        ]

    def __str__(self) -> str:
        return self.url


class LinkUseQuerySet(models.QuerySet["LinkUse"]):
    """Links of texts."""

    def in_public(self) -> LinkUseQuerySet:
        """Those of articles and pages that readers see."""
        return self.filter(
            Q(article__in=Article.objects.published().values("pk"))
            | Q(page__in=Page.objects.published().values("pk"))
        )


class LinkUse(models.Model):
    """A place in a text that links to an address."""

    link = models.ForeignKey(
        CheckedLink, verbose_name=_("address"), on_delete=models.CASCADE, related_name="uses"
    )
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    passage = models.CharField(_("passage"), max_length=200, blank=True)

    objects = LinkUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("dead link")
        verbose_name_plural = _("dead links")
        ordering = [F("article").desc(nulls_last=True), "page", "id"]
        constraints = [
            models.CheckConstraint(
                name="blog_linkuse_one_text",
                condition=Q(article__isnull=False, page=None) | Q(article=None, page__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.passage or str(self.link)

    @property
    def text(self) -> Article | Page:
        """The article or page that it stands in."""
        found = self.article or self.page
        assert found is not None  # noqa: S101 - the constraint says so
        return found
