"""What search engines and networks show of a text, where its writer wants other words."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.image import Image

TITLE_SHOWN: Final = 60
"""Characters of a title that search engines show, about."""
DESCRIPTION_SHOWN: Final = 160


class Findable(models.Model):
    """A title and a description for searches and shares; empty, the text's own stand for them."""

    search_title = models.CharField(
        _("title for searches"),
        max_length=160,
        blank=True,
        db_default="",
        help_text=_("Also where it is shared. Empty: the title, with the site's name behind it."),
    )
    search_description = models.CharField(
        _("description for searches"),
        max_length=320,
        blank=True,
        db_default="",
        help_text=_("Also where it is shared. Empty: the lead, or else how the text begins."),
    )

    class Meta:
        abstract = True


class FindableText(Findable):
    """A text that readers come to; its links are looked at, and its pictures are listed."""

    # The version whose links `blog.discovery.dead_links` knows.
    linked_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # The numbers of the pictures within the text (`blog.content.sanitiser.picture_numbers`).
    figures = ArrayField(models.BigIntegerField(), editable=False, default=list, db_default=[])

    class Meta:
        abstract = True


class FindableArticle(FindableText):
    """With a picture of its own where it is shared."""

    share_picture = models.ForeignKey(
        Image,
        verbose_name=_("picture for sharing"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: one with the title, the authors and the picture is drawn."),
    )

    class Meta:
        abstract = True
