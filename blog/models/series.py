"""Articles that belong together in an order."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.sorting import AlphabeticalOrder


class Series(models.Model):
    """A row of articles, with a page of its own."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = models.TextField(
        _("description"),
        max_length=600,
        blank=True,
        help_text=_("Shown above its parts and in searches."),
    )

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("more than one", "series")
        ordering = [AlphabeticalOrder("title"), "title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of its parts."""
        return reverse("blog:series", args=[self.slug])
