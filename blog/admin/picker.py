"""Endpoints of the picture library that the scripts of forms ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog.admin.listing import NarrowedList
from blog.admin.picture_forms import AddedForm, PictureForm
from blog.models import Image
from blog.models.image import WHOLE
from blog.publishing import picture_removal, pictures
from blog.reading import picture_uses
from core.pictures import PictureError
from core.text import number_of

if TYPE_CHECKING:
    from django.forms import ModelForm

    from authors.models import User

CHOICES: Final = 24
"""Pictures that the picker shows at once."""
WIDE: Final = 800
"""Pixels of a picture that stands alone in the editor."""


def thumbnail(image: Image, least: int = 0) -> str:
    """The address of the smallest size that every browser shows; of `least` pixels if there is."""
    sizes = sorted(
        (row for row in image.renditions if row["format"] in ("jpeg", "png")),
        key=lambda row: row["width"],
    )
    if not sizes:
        return str(default_storage.url(image.file.name))
    fitting = [row for row in sizes if row["width"] >= least]
    return str(default_storage.url((fitting or sizes[-1:])[0]["name"]))


def whole(image: Image) -> str:
    """The address of the picture without its crop."""
    return thumbnail(image) if image.crop == WHOLE else str(default_storage.url(image.file.name))


def picture_item(image: Image) -> dict[str, Any]:
    """What the scripts know of a picture."""
    return {
        "id": image.pk,
        "label": str(image),
        "thumb": thumbnail(image),
        "whole": whole(image),
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "x": image.focal_x,
        "y": image.focal_y,
        "crop": list(image.crop),
    }


def _wrong(form: ModelForm[Image]) -> JsonResponse:
    message = " ".join(str(word) for words in form.errors.values() for word in words)
    return JsonResponse({"message": message}, status=422)


class PictureEndpoints(NarrowedList):
    """Adds the addresses that static/admin-desk/picker.js asks."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        choose = csrf_protect(require_http_methods(["GET", "POST"])(self.choose_view))
        words = csrf_protect(require_POST(self.words_view))
        drop = csrf_protect(require_POST(self.drop_view))
        return [
            path("choose/", wrap(choose), name=self.named("choose")),
            path("<int:number>/words/", wrap(words), name=self.named("words")),
            path("<int:number>/drop/", wrap(drop), name=self.named("drop")),
            path(
                "<int:number>/thumb/",
                wrap(require_safe(self.thumb_view)),
                name=self.named("thumb"),
            ),
            *super().get_urls(),
        ]

    def seen(self, request: HttpRequest, number: int | str) -> Image:
        """The picture, for whom may look at it. Raises Http404."""
        image = Image.objects.filter(pk=number_of(str(number))).first()
        if image is None or not self.has_view_permission(request, image):
            raise Http404
        return image

    def choose_view(self, request: HttpRequest) -> JsonResponse:
        """What the picker shows: `?q=` words, `?before=` a number, or `?ids=`; POST adds one."""
        if not self.has_add_permission(request):
            raise Http404
        if request.method == "POST":
            return self._add(request)
        images = Image.objects.order_by("-pk")
        if wanted := request.GET.get("ids", ""):
            numbers = [number_of(one) for one in wanted.split(",")[:100]]
            items = [picture_item(image) for image in images.filter(pk__in=numbers)]
            return JsonResponse({"items": items, "more": None})
        for word in request.GET.get("q", "")[:100].replace("\0", "").split():
            images = images.filter(
                Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word)
            )
        if before := number_of(request.GET.get("before")):
            images = images.filter(pk__lt=before)
        found = list(images[: CHOICES + 1])
        return JsonResponse(
            {
                "items": [picture_item(image) for image in found[:CHOICES]],
                "more": found[CHOICES - 1].pk if len(found) > CHOICES else None,
            }
        )

    def words_view(self, request: HttpRequest, number: int) -> JsonResponse:
        """New words, focal point and crop for a picture, from within a text that shows it."""
        image = self.seen(request, number)
        if not self.has_change_permission(request, image):
            message = _("Only an editor, or who added this picture, changes its words.")
            return JsonResponse({"message": message}, status=403)
        form = PictureForm(request.POST, instance=image)
        if not form.is_valid():
            return _wrong(form)
        try:
            saved = pictures.image_update(image=form.save(commit=False))
        except pictures.StalePicture as gone:
            raise Http404 from gone
        return JsonResponse(picture_item(saved))

    def drop_view(self, request: HttpRequest, number: int) -> JsonResponse:
        """Takes back an upload that was cancelled while it was on its way."""
        image = self.seen(request, number)
        user: User = request.user  # type: ignore[assignment]
        mine = image.uploaded_by_id == user.pk and not picture_uses.use_counts([image.pk])
        if not mine:
            return JsonResponse({"message": _("It is in use, or not yours.")}, status=409)
        try:
            picture_removal.image_delete(image=image, editor=user)
        except picture_removal.StillUsed:
            return JsonResponse({"message": _("It is in use, or not yours.")}, status=409)
        return JsonResponse({})

    def _add(self, request: HttpRequest) -> JsonResponse:
        form = AddedForm(request.POST, request.FILES)
        if not form.is_valid():
            return _wrong(form)
        user: User = request.user  # type: ignore[assignment]
        try:
            image = form.added(user)
        except PictureError as error:
            return JsonResponse({"message": " ".join(error.messages)}, status=422)
        return JsonResponse(picture_item(image), status=201)

    def thumb_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Leads to the thumb of a picture, for the editor's figures; `?wide` to a larger one."""
        image = self.seen(request, number)
        return HttpResponseRedirect(thumbnail(image, WIDE if "wide" in request.GET else 0))
