"""Forms of the picture library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.models import Image
from blog.models.image import NARROWEST
from blog.publishing import pictures
from core.pictures import PictureError

if TYPE_CHECKING:
    from authors.models import User

WORDS: Final = ("alt", "caption", "credit")
FOCUS: Final = ("focal_x", "focal_y")
CROP: Final = ("crop_left", "crop_top", "crop_width", "crop_height")

# Some systems do not count photos of an iPhone among pictures.
ACCEPTED: Final = "image/*,.heic,.heif"


class Slider(forms.NumberInput):
    """A number of hundredths."""

    input_type = "range"

    def __init__(self, *, least: int = 0, most: int = 100, step: int = 1) -> None:
        super().__init__({"min": least, "max": most, "step": step})


_FOCUS_SLIDERS: Final = {name: Slider(step=5) for name in FOCUS}
_SLIDERS: Final = {
    **_FOCUS_SLIDERS,
    **{name: Slider(most=100 - NARROWEST) for name in CROP[:2]},
    **{name: Slider(least=NARROWEST) for name in CROP[2:]},
}


class _Numbers(forms.ModelForm[Image]):
    """A number that is not sent stays what it is; a new picture has the model's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*FOCUS, *CROP):
            if name in self.fields:
                self.fields[name].required = False
        for name in WORDS:
            self.fields[name].widget.attrs |= {"class": "vTextField", "dir": "auto"}

    def clean(self) -> dict[str, Any]:
        """The numbers, whole; the crop within the picture."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in (*FOCUS, *CROP):
            if name in self.fields and name not in self.errors and data.get(name) is None:
                data[name] = getattr(self.instance, name)
        sides = (("crop_left", "crop_width"), ("crop_top", "crop_height"))
        for start, size in sides:
            if start in data and size in data and data[start] + data[size] > 100:
                # As far as the picture goes.
                data[size] = 100 - data[start]
        return data


class AddedForm(_Numbers):
    """A new picture."""

    # Ours decodes it, within its bounds, and says what is wrong.
    file = forms.FileField(
        label=gettext_lazy("picture"),
        max_length=200,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ACCEPTED}),
    )

    class Meta:
        model = Image
        fields = ("file", *WORDS, *FOCUS)
        widgets = _FOCUS_SLIDERS

    def added(self, user: User | None) -> Image:
        """Add it to the library. Raises `core.pictures.PictureError`."""
        data = self.cleaned_data
        return pictures.image_add(
            upload=data["file"],
            alt=data["alt"],
            caption=data["caption"],
            credit=data["credit"],
            focus=(data["focal_x"], data["focal_y"]),
            user=user,
        )


class PictureForm(_Numbers):
    """Texts, focal point and crop of a stored picture."""

    class Meta:
        model = Image
        fields = (*WORDS, *FOCUS, *CROP)
        widgets = _SLIDERS


class StoredForm(PictureForm):
    """With another file in its place."""

    another = forms.FileField(
        label=gettext_lazy("another file in its place"),
        required=False,
        help_text=gettext_lazy(
            "The words, the crop and every text that shows the picture stay; old addresses lead to"
            " the new file."
        ),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ACCEPTED}),
    )

    def clean_another(self) -> Any:
        """The file, decoded where it is stored. Raises ValidationError for what is no picture."""
        upload = self.cleaned_data["another"]
        if not upload:
            return None
        try:
            pictures.image_acceptable(upload=upload)
        except PictureError as error:
            raise ValidationError(error.messages) from error
        return upload


def too_late() -> str:
    """What is said when a picture went while its form was open."""
    return _("This picture is not in the library any more, or got another file. Open it again.")
