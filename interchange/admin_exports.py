"""Taking everything out, in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from authors import access
from core.lists import BoundedList
from interchange import exports
from interchange.models import Export, ExportState, Form

if TYPE_CHECKING:
    from authors.models import User


@admin.register(Export)
class ExportAdmin(BoundedList):
    """Owners take out the whole site, authors their own articles."""

    list_display = ("form", "whose", "made_by", "created_at", "how_far", "download")
    list_display_links = None
    fields = ("form",)
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_owner(request.user) or access.author_of(request.user) is not None

    def has_view_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return self.has_add_permission(request) and (
            obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()
        )

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        rows = Export.objects.select_related("made_by", "author")
        if access.is_owner(request.user):
            return rows
        # What was asked for in another role is out of reach when the role is.
        author = access.author_of(request.user)
        return rows.filter(made_by=request.user.pk, author=author and author.pk).exclude(
            author=None
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        made: Any = super().get_form(request, obj, change, **kwargs)
        if "form" in made.base_fields and not access.is_owner(request.user):
            made.base_fields["form"] = forms.ChoiceField(
                label=_("form"),
                choices=[
                    (Form.WORDPRESS.value, _("your own articles, for WordPress (WXR)")),
                    (Form.HTML.value, _("copy to read: your own public articles")),
                ],
                help_text=_("With their conversations, without anybody's e-mail address."),
            )
        return made

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        # One at a time, and there is nothing to go on with.
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Export, form: Any, change: bool) -> None:
        user: User = request.user  # type: ignore[assignment]
        author = None if access.is_owner(user) else access.author_of(user)
        made = exports.export_request(user=user, form=Form(obj.form), author=author)
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Export) -> None:
        exports.export_delete(export=obj)

    @admin.display(description=gettext_lazy("articles of"))
    def whose(self, export: Export) -> str:
        """One author's, or everybody's."""
        return str(export.author or _("everybody"))

    @admin.display(description=gettext_lazy("state"))
    def how_far(self, export: Export) -> str:
        """The state, with what was written so far or what went wrong."""
        said = export.get_state_display()
        if export.state == ExportState.WORKING:
            return _("%(state)s: %(done)s parts so far") % {"state": said, "done": export.done}
        return f"{said}. {export.fault}" if export.fault else said

    @admin.display(description=gettext_lazy("file"))
    def download(self, export: Export) -> str:
        """Where to take it away, while it is there, and where to delete it."""
        delete = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:interchange_export_delete", args=[export.pk]),
            _("Delete"),
        )
        if export.state != ExportState.READY:
            return delete
        return format_html(
            '<a href="{}">{}</a> · {}',
            reverse("admin:interchange_export_download", args=[export.pk]),
            _("Download (%(size)s)") % {"size": filesizeformat(export.size)},
            delete,
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(never_cache(require_safe(self.download_view)))
        return [
            path("<int:number>/download/", view, name="interchange_export_download"),
            *super().get_urls(),
        ]

    def download_view(self, request: HttpRequest, number: int) -> HttpResponseBase:
        """The file, for who asked for it and for owners; 404 for everybody else."""
        export = self.get_queryset(request).filter(pk=number, state=ExportState.READY).first()
        if export is None or not self.has_view_permission(request, export):
            raise Http404
        file = exports.file_of(export)
        try:
            stream = file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        name = f"{export.form}-{export.created_at:%Y-%m-%d}{file.suffix}"
        response = FileResponse(
            stream, as_attachment=True, filename=name, content_type="application/octet-stream"
        )
        response["X-Robots-Tag"] = "noindex"
        return response
