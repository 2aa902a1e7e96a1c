"""Pages that delete a picture, withdraw it everywhere, or allow it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from authors import access
from blog.admin.library import shown_uses
from blog.admin.picker import PictureEndpoints, thumbnail
from blog.models import Image, RetiredPicture
from blog.publishing import picture_removal
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

LISTED = 200
"""Withdrawn pictures that are listed."""


class PictureRemoval(PictureEndpoints):
    """Adds these pages to the library."""

    def get_urls(self) -> list[URLPattern]:
        view = csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(self.withdrawn_view))
        return [
            path("withdrawn/", self.admin_site.admin_view(view), name=self.named("withdrawn")),
            *super().get_urls(),
        ]

    def withdrawn(self) -> QuerySet[RetiredPicture]:
        """The pictures that are refused, the last one first."""
        return RetiredPicture.objects.filter(withdrawn_at__isnull=False)

    @method_decorator(csrf_protect)
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Where the picture is used, and the ways to let it go."""
        try:
            image = self.seen(request, object_id)
        except Http404:
            if self.has_view_permission(request) and number_of(object_id):
                self.message_user(request, _("That picture is gone already."), messages.INFO)
                return HttpResponseRedirect(self.url("changelist"))
            raise
        user: User = request.user  # type: ignore[assignment]
        may_delete = picture_removal.may_delete(user, image)
        act = request.POST.get("act")
        if request.method == "POST" and act in ("delete", "withdraw"):
            if not may_delete or (act == "withdraw" and not access.is_editor(user)):
                raise PermissionDenied
            return self._remove(request, image, withdraw=act == "withdraw")
        context = self.shown(
            request,
            _("Delete “%(picture)s”?") % {"picture": image},
            image=image,
            thumb=thumbnail(image, 400),
            uses=shown_uses(image, user),
            copies=picture_removal.copies_of(image).count() - 1,
            may_delete=may_delete,
            may_withdraw=access.is_editor(user),
        )
        return TemplateResponse(request, "admin/blog/image/delete.html", context)

    def _remove(self, request: HttpRequest, image: Image, *, withdraw: bool) -> HttpResponse:
        user: User = request.user  # type: ignore[assignment]
        label = str(image)
        try:
            if withdraw:
                count = picture_removal.image_withdraw(image=image, editor=user)
            else:
                count = 1
                self.log_deletions(request, Image.objects.filter(pk=image.pk))
                picture_removal.image_delete(image=image, editor=user)
        except picture_removal.StillUsed:
            words = _("Something began to show the picture meanwhile. Look again, then delete it.")
            self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(self.url("delete", image.pk))
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return HttpResponseRedirect(self.url("delete", image.pk))
        if withdraw:
            words = ngettext(
                "The picture is withdrawn: nothing shows it, its addresses say that it is gone,"
                " and it is not taken again.",
                "The picture is withdrawn with %(count)d entries of the library: nothing shows it,"
                " its addresses say that it is gone, and it is not taken again.",
                count,
            ) % {"count": count}
        else:
            words = _("“%(picture)s” is deleted.") % {"picture": label}
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.url("changelist"))

    def withdrawn_view(self, request: HttpRequest) -> HttpResponse:
        """The pictures that are refused; POST allows one again."""
        if not access.is_editor(request.user):
            raise Http404
        if request.method == "POST":
            found = self.withdrawn().filter(pk=number_of(request.POST.get("picture"))).first()
            if found is not None:
                picture_removal.withdrawal_lift(retired=found)
            self.message_user(request, _("It may be added again."), messages.SUCCESS)
            return HttpResponseRedirect(self.url("withdrawn"))
        rows = self.withdrawn().select_related("withdrawn_by__author")[:LISTED]
        context = self.shown(request, _("Withdrawn pictures"), rows=rows)
        return TemplateResponse(request, "admin/blog/image/withdrawn.html", context)
