"""Page views of articles by day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.article import Article


class Reads(models.Model):
    """Page views of one article on one day; only blog.reading.page_counts writes it."""

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, db_index=False,
        related_name="reads",
    )  # fmt: skip
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("reads"))

    class Meta:
        verbose_name = _("reads")
        verbose_name_plural = _("reads")
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="blog_reads_once")]
        indexes = [models.Index(fields=["day"], name="blog_reads_day")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day} {self.count}"
