"""The picture library."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.pictures import RenditionData


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
    # What must stay in view where the picture is cropped, in hundredths from the top left.
    focal_x = models.PositiveSmallIntegerField(
        _("focal point across (%)"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point down (%)"), default=50, validators=[MaxValueValidator(100)]
    )
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

    def __str__(self) -> str:
        return self.alt or self.caption or f"{_('picture')} {self.pk}"
