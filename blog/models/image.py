"""The picture library."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.pictures import RenditionData


class Crop(NamedTuple):
    """The part of a picture that is shown, in hundredths of it from the top left."""

    left: int
    top: int
    width: int
    height: int


WHOLE: Final = Crop(0, 0, 100, 100)
NARROWEST: Final = 5
"""Hundredths of a picture that a crop leaves at least."""


class Image(models.Model):
    """A picture with the words that go with it, and its finished sizes."""

    file = models.ImageField(
        _("picture"), upload_to="pictures", width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)
    # SHA-256 of the stored original: the same picture twice is one file.
    digest = models.CharField(max_length=64, editable=False, db_index=True)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for who cannot see it. Empty for pure decoration."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(
        _("credit"), max_length=120, blank=True, help_text=_("Photographer or source.")
    )
    # What must stay in view where a page crops the picture, in hundredths from the top left of the
    # whole of it, as the crop is: another file or crop leaves the point where it is.
    focal_x = models.PositiveSmallIntegerField(
        _("focal point across (%)"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point down (%)"), default=50, validators=[MaxValueValidator(100)]
    )
    crop_left = models.PositiveSmallIntegerField(
        _("cut off at the left (%)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(100 - NARROWEST)],
    )
    crop_top = models.PositiveSmallIntegerField(
        _("cut off at the top (%)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(100 - NARROWEST)],
    )
    crop_width = models.PositiveSmallIntegerField(
        _("width that stays (%)"),
        default=100,
        db_default=100,
        validators=[MinValueValidator(NARROWEST), MaxValueValidator(100)],
    )
    crop_height = models.PositiveSmallIntegerField(
        _("height that stays (%)"),
        default=100,
        db_default=100,
        validators=[MinValueValidator(NARROWEST), MaxValueValidator(100)],
    )
    # Of what is left by the crop.
    renditions: models.JSONField[list[RenditionData], list[RenditionData]] = models.JSONField(
        default=list, editable=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="blog_image_crop_within",
                condition=models.Q(crop_left__lte=100 - models.F("crop_width"))
                & models.Q(crop_top__lte=100 - models.F("crop_height"))
                & models.Q(crop_width__gte=NARROWEST, crop_height__gte=NARROWEST),
            )
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or f"{_('picture')} {self.pk}"

    @property
    def crop(self) -> Crop:
        """What of the picture is shown."""
        return Crop(self.crop_left, self.crop_top, self.crop_width, self.crop_height)

    @property
    def focus(self) -> tuple[int, int]:
        """The focal point in hundredths of what is shown, or the edge that is nearest to it."""
        across = (self.focal_x - self.crop_left) * 100 / self.crop_width
        down = (self.focal_y - self.crop_top) * 100 / self.crop_height
        return _hundredth(across), _hundredth(down)

    @property
    def names(self) -> set[str]:
        """The names of its files in the media storage."""
        return {str(self.file.name), *(row["name"] for row in self.renditions)}


def _hundredth(value: float) -> int:
    return max(0, min(100, round(value)))


class RetiredPicture(models.Model):
    """A file that was replaced, or withdrawn at somebody's wish, by the digest in its names.

    What leads to its old addresses goes on to the picture in its place, or is told that it is gone.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    # What its addresses lead to; None: nothing.
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    # Since when the same file is refused; None: it was replaced.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("retired picture")
        verbose_name_plural = _("retired pictures")
        ordering = ["-withdrawn_at", "-id"]

    def __str__(self) -> str:
        return self.digest[:16]
