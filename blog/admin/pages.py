"""Pages in the admin: the same editor, versions, copies and trash as the articles have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.admin import narrowing
from blog.admin.editors import EditorsOnly
from blog.admin.found import SEARCHED, SearchFields, SearchPreview
from blog.admin.history import HistoryDesk
from blog.admin.listing import NarrowedList
from blog.admin.outcome import TextOutcome
from blog.admin.preview import PreviewDesk
from blog.admin.text_form import TextForm, TitleInput
from blog.admin.trash import TrashDesk
from blog.admin.writing import WritingDesk
from blog.content.slugs import slug_from
from blog.models import Page
from blog.publishing import pages, trash

if TYPE_CHECKING:
    from authors.models import User


class PageForm(SearchFields, TextForm):
    """A page."""

    class Meta:
        model = Page
        fields = ("title", "body_source", "purpose", "language", "public", "slug", *SEARCHED)
        widgets = {"title": TitleInput(), "search_description": SearchPreview}

    def clean_slug(self) -> str:
        """The address, made of the title when it is empty. Raises ValidationError."""
        slug = self.cleaned_data["slug"] or slug_from(self.cleaned_data.get("title", ""))
        if not slug:
            raise ValidationError(_("Give the page an address."))
        if not pages.is_free(slug):
            raise ValidationError(_("That address belongs to the site itself."))
        other = Page.objects.filter(slug=slug).exclude(pk=self.instance.pk).first()
        if other is not None and other.trashed_at:
            raise ValidationError(_("A page in the trash has that address: delete it first."))
        if other is not None:
            raise ValidationError(_("Another page has that address."))
        return slug


@admin.register(Page)
class PageAdmin(
    NarrowedList, TrashDesk, HistoryDesk, TextOutcome, PreviewDesk, WritingDesk, EditorsOnly
):
    """Pages, for editors."""

    form = PageForm
    list_display = ("title", "slug", "purpose", "language", "public", "modified_at")
    list_filter = (narrowing.PublicFilter, narrowing.PurposeFilter, narrowing.LanguageFilter)
    search_fields = ("title", "body_text")
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "body_source", "opened_on", "copy_key")}),
        (gettext_lazy("Publication"), {"fields": ("public", "purpose", "language", "slug")}),
        (gettext_lazy("Searches and shares"), {"classes": ("collapse",), "fields": SEARCHED}),
    )
    change_form_template = "admin/blog/text/change_form.html"
    change_list_template = "admin/blog/text/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return Page.objects.editable_by(request.user)

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        user: User = request.user  # type: ignore[assignment]
        pages.page_save(
            page=obj,
            editor=user,
            expected_version=form.cleaned_data["opened_on"] if change else None,
        )
        self.after_save(request, form, None if change else obj)

    def outcome(self, request: HttpRequest, obj: Page) -> str:
        """Whether readers see it."""
        return self.with_view(_("Published") if obj.public else _("Draft saved"), obj)

    def throw_away(self, text: Page, user: User) -> None:
        trash.page_trash(page=text, editor=user)

    def put_back(self, text: Page) -> Page:
        return trash.page_put_back(page=text)

    def delete_for_good(self, text: Page) -> None:
        trash.page_delete(page=text)

    def what_changed(self, before: Page, after: Page) -> str:
        if before.purpose == after.purpose:
            return ""
        return _("Another page has got its purpose meanwhile: it has none now.")
