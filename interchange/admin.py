"""Moving in, in the admin: for owners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from authors import access
from core.lists import BoundedList
from interchange import admin_exports, choices, moving  # noqa: F401 - the other half of this admin
from interchange.kinds import SOURCES
from interchange.models import Move, MoveState
from interchange.report import RunReport

if TYPE_CHECKING:
    from authors.models import User

STEPS = {
    "reading": gettext_lazy("reading the file"),
    "people": gettext_lazy("authors"),
    "tags": gettext_lazy("tags"),
    "plan": gettext_lazy("addresses"),
    "articles": gettext_lazy("articles"),
    "menus": gettext_lazy("menus"),
    "comments": gettext_lazy("comments"),
    "done": gettext_lazy("done"),
}


class MoveForm(forms.ModelForm[Move]):
    """An export, and what may be kept of strangers."""

    kind = forms.ChoiceField(
        label=gettext_lazy("comes from"),
        choices=[(kind, source.name) for kind, source in SOURCES.items()],
    )

    class Meta:
        model = Move
        fields = ("kind", "file", "media")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        file, kind = data.get("file"), data.get("kind")
        if file and kind in SOURCES:
            endings = (*SOURCES[kind].endings, ".zip")
            if kind == "isso":
                endings = SOURCES[kind].endings
            if not file.name.lower().endswith(endings):
                words = _("An export of %(source)s is a file that ends in %(endings)s.") % {
                    "source": SOURCES[kind].name,
                    "endings": ", ".join(endings),
                }
                raise ValidationError({"file": words})
        media = data.get("media")
        if media and not media.name.lower().endswith(".zip"):
            raise ValidationError({"media": _("Pictures come in a zip.")})
        for choice in choices.CHOICES:
            apart = kind in SOURCES and kind not in choice.kinds
            if apart and choice.is_chosen(data.get(choice.name)):
                words = _("There is nothing to choose here for %(source)s.")
                raise ValidationError({choice.name: words % {"source": SOURCES[str(kind)].name}})
        if kind in SOURCES:
            self.instance.options = choices.checked(kind, data)
        return data


for _choice in choices.CHOICES:
    # For this form, and for the one that the admin derives from it.
    MoveForm.base_fields[_choice.name] = MoveForm.declared_fields[_choice.name] = _choice.field()


@admin.register(Move)
class MoveAdmin(BoundedList):
    """Bring an export, read what would happen, and let it happen."""

    form = MoveForm
    list_display = ("source", "state", "trial", "user", "created_at")
    actions = None
    fieldsets = (
        (None, {"fields": ("kind", "file", "media")}),
        (gettext_lazy("The old site"), {"fields": choices.SITE}),
        (gettext_lazy("Authors"), {"fields": choices.PEOPLE}),
        (gettext_lazy("Readers who commented"), {"fields": choices.READERS}),
        (gettext_lazy("Pictures, and what is here already"), {"fields": choices.REST}),
    )
    change_form_template = "admin/interchange/move/change.html"
    add_form_template = "admin/interchange/move/add.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_owner(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Move | None = None) -> bool:
        return access.is_owner(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_owner(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Move | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Move | None = None) -> bool:
        return access.is_owner(request.user)

    @admin.display(description=gettext_lazy("comes from"))
    def source(self, move: Move) -> str:
        return SOURCES[move.kind].name

    @admin.display(description=gettext_lazy("trial"), boolean=True)
    def trial(self, move: Move) -> bool:
        return move.dry_run

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(csrf_protect(require_POST(self.act_view)))
        return [path("<int:number>/act/", act, name="interchange_move_act"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How far it is, and the report."""
        move = self.get_object(request, object_id)
        if move is None or not self.has_view_permission(request, move):
            raise Http404
        report = RunReport.from_data(move.report)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Moving in from %(source)s") % {"source": self.source(move)},
            "move": move,
            "step": STEPS.get(move.step, move.step),
            "percent": min(move.done * 100 // move.total, 100) if move.total else 0,
            "running": move.state == MoveState.RUNNING,
            "chosen": choices.in_words(move.kind, move.options),
            "numbers": report.numbers(),
            "groups": report.groups(),
            "may_store": move.state == MoveState.DONE and move.dry_run and bool(move.file),
            "may_resume": move.state in (MoveState.PAUSED, MoveState.FAILED) and bool(move.file),
        }
        return TemplateResponse(request, self.change_form_template, context)

    def act_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Pause, go on, or store after the trial."""
        move = Move.objects.filter(pk=number).first()
        if move is None or not access.is_owner(request.user):
            raise Http404
        services = {
            "pause": moving.move_pause,
            "resume": moving.move_resume,
            "store": moving.move_store,
        }
        service = services.get(request.POST.get("act", ""))
        if service is None:
            return HttpResponse(status=400)
        if not service(move=move):
            messages.warning(request, _("It is in another state by now."))
        return HttpResponseRedirect(reverse("admin:interchange_move_change", args=[number]))

    def save_model(self, request: HttpRequest, obj: Move, form: Any, change: bool) -> None:
        user: User = request.user  # type: ignore[assignment]
        moving.move_start(move=obj, user=user)

    def response_add(
        self, request: HttpRequest, obj: Move, post_url_continue: str | None = None
    ) -> HttpResponse:
        """To the page that shows how far it is."""
        return HttpResponseRedirect(reverse("admin:interchange_move_change", args=[obj.pk]))

    def delete_model(self, request: HttpRequest, obj: Move) -> None:
        moving.move_delete(move=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Move]) -> None:
        for move in queryset:
            moving.move_delete(move=move)
