"""The picture library in the admin, and the picker that the article's form opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authors import access
from blog.models import Image
from blog.publishing import pictures
from core.lists import BoundedList
from core.pictures import PictureError
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

CHOICES = 24
"""Pictures that the picker shows at once."""


WIDE = 800
"""Pixels of a picture that stands alone in the editor."""


def thumbnail(image: Image, least: int = 0) -> str:
    """The address of the smallest size that every browser shows; of `least` pixels if there is."""
    sizes = sorted(
        (row for row in image.renditions if row["format"] == "jpeg"), key=lambda row: row["width"]
    )
    if not sizes:
        return str(default_storage.url(image.file.name))
    fitting = [row for row in sizes if row["width"] >= least]
    return str(default_storage.url((fitting or sizes[-1:])[0]["name"]))


class Slider(forms.NumberInput):
    """A number from 0 to 100."""

    input_type = "range"

    def __init__(self) -> None:
        super().__init__({"min": 0, "max": 100, "step": 5})


class ImageForm(forms.ModelForm[Image]):
    """A new picture is decoded and written anew before it is stored."""

    class Meta:
        model = Image
        fields: tuple[str, ...] = ("file", "alt", "caption", "credit", "focal_x", "focal_y")
        widgets = dict.fromkeys(("focal_x", "focal_y"), Slider)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("focal_x", "focal_y"):
            if name in self.fields:
                self.fields[name].required = False
        if self.instance.pk and "focal_x" in self.fields:
            self.fields["focal_x"].widget.attrs["data-picture"] = thumbnail(self.instance)

    def clean_focal_x(self) -> int:
        return self._focal("focal_x")

    def clean_focal_y(self) -> int:
        return self._focal("focal_y")

    def _focal(self, name: str) -> int:
        """Keeps the stored focal point when none is sent; the middle by default."""
        value = self.cleaned_data[name]
        return int(getattr(self.instance, name) if value is None else value)


class WordsForm(ImageForm):
    """Texts and focal point of a stored picture."""

    class Meta(ImageForm.Meta):
        fields = ("alt", "caption", "credit", "focal_x", "focal_y")


@admin.register(Image)
class ImageAdmin(BoundedList):
    """The picture library: everyone who writes adds, editors change and delete nothing in use."""

    form = ImageForm
    list_display = ("small", "__str__", "id", "caption", "credit", "created_at")
    list_display_links = ("__str__",)
    search_fields = ("alt", "caption", "credit")
    actions = None

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
        return False

    @admin.display(description=gettext_lazy("picture"))
    def small(self, image: Image) -> SafeString:
        """The picture at the size of a thumb."""
        return format_html(
            '<img class="desk-thumb" src="{}" alt="" loading="lazy">', thumbnail(image)
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        choose = csrf_protect(require_http_methods(["GET", "POST"])(self.choose_view))
        return [
            path("choose/", wrap(choose), name="blog_image_choose"),
            path(
                "<int:number>/words/",
                wrap(csrf_protect(require_POST(self.words_view))),
                name="blog_image_words",
            ),
            path(
                "<int:number>/thumb/", wrap(require_safe(self.thumb_view)), name="blog_image_thumb"
            ),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest) -> JsonResponse:
        """What the picker shows: `?q=` words, `?before=` a number, or `?ids=`; POST adds one."""
        if not self.has_add_permission(request):
            raise Http404
        if request.method == "POST":
            return self._add(request)
        images = Image.objects.order_by("-pk")
        if wanted := request.GET.get("ids", ""):
            numbers = [number_of(one) for one in wanted.split(",")[:100]]
            items = [self._item(image) for image in images.filter(pk__in=numbers)]
            return JsonResponse({"items": items, "more": None})
        for word in request.GET.get("q", "")[:100].split():
            images = images.filter(
                Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word)
            )
        if before := number_of(request.GET.get("before")):
            images = images.filter(pk__lt=before)
        found = list(images[: CHOICES + 1])
        return JsonResponse(
            {
                "items": [self._item(image) for image in found[:CHOICES]],
                "more": found[CHOICES - 1].pk if len(found) > CHOICES else None,
            }
        )

    def _item(self, image: Image) -> dict[str, Any]:
        return {
            "id": image.pk,
            "label": str(image),
            "thumb": thumbnail(image),
            "alt": image.alt,
            "caption": image.caption,
            "credit": image.credit,
            "x": image.focal_x,
            "y": image.focal_y,
        }

    def words_view(self, request: HttpRequest, number: int) -> JsonResponse:
        """New words and focal point for a picture, from within a text that shows it."""
        image = Image.objects.filter(pk=number).first()
        if image is None or not self.has_view_permission(request, image):
            raise Http404
        if not self.has_change_permission(request, image):
            message = _("Only an editor, or who added this picture, changes its words.")
            return JsonResponse({"message": message}, status=403)
        form = WordsForm(request.POST, instance=image)
        if not form.is_valid():
            message = " ".join(str(word) for words in form.errors.values() for word in words)
            return JsonResponse({"message": message}, status=422)
        return JsonResponse(self._item(pictures.image_update(image=form.save(commit=False))))

    def _add(self, request: HttpRequest) -> JsonResponse:
        form = ImageForm(request.POST, request.FILES)
        if not form.is_valid():
            message = " ".join(str(word) for words in form.errors.values() for word in words)
            return JsonResponse({"message": message}, status=422)
        data = form.cleaned_data
        user: User = request.user  # type: ignore[assignment]
        try:
            image = pictures.image_add(
                upload=data["file"],
                alt=data["alt"],
                caption=data["caption"],
                credit=data["credit"],
                focus=(data["focal_x"], data["focal_y"]),
                user=user,
            )
        except PictureError as error:
            return JsonResponse({"message": " ".join(error.messages)}, status=422)
        return JsonResponse(self._item(image), status=201)

    def thumb_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Leads to the thumb of a picture, for the editor's figures; `?wide` to a larger one."""
        image = Image.objects.filter(pk=number).first()
        if image is None or not self.has_view_permission(request, image):
            raise Http404
        return HttpResponseRedirect(thumbnail(image, WIDE if "wide" in request.GET else 0))

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        return ["file"] if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        base: Any = super().get_form(request, obj, change, **kwargs)
        user: User = request.user  # type: ignore[assignment]

        class Checked(base):  # type: ignore[misc]
            def clean(self) -> dict[str, Any]:
                data: dict[str, Any] = super().clean() or self.cleaned_data
                if self.instance.pk or not data.get("file"):
                    return data
                try:
                    self.added = pictures.image_add(
                        upload=data["file"],
                        alt=data.get("alt", ""),
                        user=user,
                        caption=data.get("caption", ""),
                        credit=data.get("credit", ""),
                        focus=(data.get("focal_x", 50), data.get("focal_y", 50)),
                    )
                except PictureError as error:
                    raise ValidationError({"file": error.messages}) from error
                return data

            def save(self, commit: bool = True) -> Image:
                added: Image | None = getattr(self, "added", None)
                if added is None:
                    stored: Image = super().save(commit)
                    return stored
                self.save_m2m = lambda: None  # What the admin calls after an uncommitted save.
                return added

        return Checked

    def save_model(
        self, request: HttpRequest, obj: Image, form: forms.ModelForm[Image], change: bool
    ) -> None:
        if change:
            pictures.image_update(image=obj)
