"""The picture library in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from authors import access
from blog.admin.library import OwnFilter, UsedFilter, shown_uses
from blog.admin.picker import thumbnail, whole
from blog.admin.picture_forms import CROP, FOCUS, WORDS, AddedForm, StoredForm, too_late
from blog.admin.picture_removal import PictureRemoval
from blog.models import Image
from blog.publishing import picture_removal, pictures
from blog.reading import picture_uses
from core.pictures import PictureError

if TYPE_CHECKING:
    from authors.models import User

_TILE: Final = 400


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture in the grid; `bytes` is None when its file is away."""

    image: Image
    thumb: str
    bytes: int | None
    uses: int
    url: str


def _bytes_of(image: Image) -> int | None:
    try:
        return int(default_storage.size(str(image.file.name)))
    except OSError:
        return None


@admin.register(Image)
class ImageAdmin(PictureRemoval):
    """The picture library: everyone who writes adds, editors change and delete everything."""

    list_display = ("__str__",)
    list_per_page = 48
    list_filter = (UsedFilter, OwnFilter)
    search_fields = ("alt", "caption", "credit")
    actions = None
    change_list_template = "admin/blog/image/change_list.html"
    change_form_template = "admin/blog/image/change_form.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_write(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return self.has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        if obj is None or access.is_editor(request.user):
            return self.has_add_permission(request)
        return self.has_add_permission(request) and obj.uploaded_by_id == request.user.pk

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        user: User = request.user  # type: ignore[assignment]
        return obj is not None and picture_removal.may_delete(user, obj)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The rows with the tiles of the page that is shown: four statements for all of them."""
        found = super().get_changelist_instance(request)
        images: list[Image] = list(found.result_list)
        found.result_list = images
        uses = picture_uses.use_counts([image.pk for image in images])
        tiles = [
            Tile(
                image,
                thumbnail(image, _TILE),
                _bytes_of(image),
                uses.get(image.pk, 0),
                self.url("change", image.pk),
            )
            for image in images
        ]
        found.tiles = tiles  # type: ignore[attr-defined]
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The grid."""
        withdrawn = access.is_editor(request.user) and self.withdrawn().exists()
        return super().changelist_view(request, {"withdrawn": withdrawn, **(extra_context or {})})

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("file", *WORDS, *FOCUS)})]
        parts: list[tuple[str | None, dict[str, Any]]] = [
            (None, {"fields": WORDS}),
            (
                _("Crop and focal point"),
                {
                    "fields": (*FOCUS, *CROP),
                    "description": _(
                        "In hundredths of the whole picture. Cropping hides nothing for good: the"
                        " whole picture keeps an address. To take something out of it, replace the"
                        " file."
                    ),
                },
            ),
        ]
        if self.has_change_permission(request, obj):
            parts.append((_("Replace"), {"fields": ("another",)}))
        return parts

    def get_form(
        self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A form that adds, or one that changes; read alone it has no fields."""
        if obj is not None and not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change, **kwargs)
        base: Any = StoredForm if obj else AddedForm
        user: User = request.user  # type: ignore[assignment]

        class Checked(base):  # type: ignore[misc]
            def clean(self) -> dict[str, Any]:
                data: dict[str, Any] = super().clean()
                if self.instance.pk or self.errors or not data.get("file"):
                    return data
                try:
                    self.made = self.added(user)
                except PictureError as error:
                    raise ValidationError({"file": error.messages}) from error
                return data

            def save(self, commit: bool = True) -> Image:
                self.save_m2m = lambda: None  # What the admin calls after an uncommitted save.
                image: Image = getattr(self, "made", None) or self.instance
                return image

        return Checked

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With where it is used, and the picture that is cropped."""
        context["desk"] = self.list_words()
        image: Image | None = context.get("original")
        if image is not None:
            user: User = request.user  # type: ignore[assignment]
            context |= {
                "tile": Tile(image, thumbnail(image, _TILE), _bytes_of(image), 0, ""),
                "whole": whole(image),
                "uses": shown_uses(image, user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form. A picture that went, or a file that was replaced, meanwhile is told."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except pictures.StalePicture:
            self.message_user(request, too_late(), messages.ERROR)
            return HttpResponseRedirect(self.url("changelist"))

    def save_model(
        self, request: HttpRequest, obj: Image, form: ModelForm[Image], change: bool
    ) -> None:
        """Its words, focal point and crop, and the file that comes in its place."""
        if not change:
            return
        saved = pictures.image_update(image=obj)
        upload = form.cleaned_data.get("another")
        if upload:
            pictures.image_replace(image=saved, upload=upload)
