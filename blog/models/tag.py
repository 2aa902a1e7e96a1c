"""Tags of articles."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.models.search_vectors import name_vector
from core.sorting import AlphabeticalOrder


class Tag(models.Model):
    """A tag ("onderwerp" in the interface), with a page and a feed."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    description = models.TextField(
        _("description"),
        max_length=600,
        blank=True,
        db_default="",
        help_text=_("Shown above its articles, in searches, and in its feed."),
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = [AlphabeticalOrder("name"), "name"]
        indexes = [GinIndex(name_vector(), name="blog_tag_words")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The tag's page."""
        return reverse("blog:tag", args=[self.slug])
