"""Pages at the desk: the same editor as the articles, and their earlier versions."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from js_asset.media import Media

from blog import body, pages
from blog.admin.articles import ArticleForm
from blog.admin.editors import EditorsOnly
from blog.models import Page, PageRevision
from blog.slugs import slug_from

if TYPE_CHECKING:
    from authors.models import User


class PageForm(forms.ModelForm[Page]):
    """A page; `opened_on` is the version that the form was opened on."""

    body_source = copy.deepcopy(ArticleForm.base_fields["body_source"])
    opened_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Page
        fields = ("title", "body_source", "purpose", "language", "public", "slug")
        widgets = {"title": forms.TextInput(attrs={"class": "desk-wide"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if self.instance.pk:
            self.initial["opened_on"] = self.instance.version

    def clean_body_source(self) -> str:
        """The text within the bounds of `blog.body`. Raises ValidationError."""
        try:
            return body.clean(self.cleaned_data["body_source"] or "")
        except body.TooLarge as error:
            raise ValidationError(_("The text is too long or too deeply nested.")) from error

    def clean_slug(self) -> str:
        """The address, made of the title when it is empty. Raises ValidationError."""
        slug = self.cleaned_data["slug"] or slug_from(self.cleaned_data.get("title", ""))
        if not slug:
            raise ValidationError(_("Give the page an address."))
        if not pages.is_free(slug):
            raise ValidationError(_("That address belongs to the site itself."))
        if Page.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another page has that address."))
        return slug

    def clean(self) -> dict[str, Any]:
        """Nobody else saved the page in the meantime; what was typed stays in the form."""
        data = super().clean() or self.cleaned_data
        stored = Page.objects.filter(pk=self.instance.pk).first()
        if stored is not None and data.get("opened_on") != stored.version:
            words = _(
                "Somebody else saved this page after you opened it. Your text is still here: open "
                "the page in another window, compare, and save there."
            )
            self.add_error(None, words)
        return data


class PageRevisionInline(admin.TabularInline[PageRevision, Page]):
    """What the page said before; to be read and copied."""

    model = PageRevision
    fields = readonly_fields = ("version", "title", "editor", "created_at", "body_source")
    extra = 0
    classes = ("collapse",)

    def has_add_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return True

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(Page)
class PageAdmin(EditorsOnly):
    """Pages, for editors."""

    form = PageForm
    inlines = (PageRevisionInline,)
    list_display = ("title", "slug", "purpose", "language", "public", "modified_at")
    search_fields = ("title", "body_text")
    fields = ("title", "body_source", "purpose", "language", "public", "slug", "opened_on")

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        user: User = request.user  # type: ignore[assignment]
        pages.page_save(page=obj, editor=user, expected_version=form.cleaned_data["opened_on"])

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        pages.page_delete(page=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        for page in queryset:
            pages.page_delete(page=page)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        nonce = request.csp_nonce  # type: ignore[attr-defined]
        context["media"] = Media.from_media(context["media"], nonce=nonce)
        return super().render_change_form(request, context, *args, **kwargs)
