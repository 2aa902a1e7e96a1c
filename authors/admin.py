"""The admin's pages of authors: everybody their own, editors all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from authors import access
from authors.models import Author, ProfileLink
from authors.services import author_save
from core import pictures
from core.lists import BoundedList


class AuthorForm(forms.ModelForm[Author]):
    """An author; a photo is checked by decoding it."""

    photo = forms.FileField(label=_("photo"), required=False)
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Author
        fields = (
            "name",
            "slug",
            "role",
            "affiliation",
            "bio",
            "photo",
            "website",
            "user",
            "former",
        )

    def clean_photo(self) -> Any:
        """The upload, when it is a picture. Raises ValidationError."""
        photo = self.cleaned_data["photo"]
        if photo and "photo" in self.changed_data:
            pictures.inspect(photo)
        return photo


class ProfileLinkInline(admin.TabularInline[ProfileLink, Author]):
    """Profile links; the permission is that of the author."""

    model = ProfileLink
    extra = 0
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Same permission as changing the author."""
        return True

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission


@admin.register(Author)
class AuthorAdmin(BoundedList):
    """An author changes their own profile, an editor everybody's."""

    form = AuthorForm
    inlines = (ProfileLinkInline,)
    list_display = ("name", "role", "user")
    search_fields = ("name", "role")
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        """The authors that the user may edit."""
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=access.editable_authors(request.user).values("pk"))
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the way to invite somebody, for owners."""
        more = {"may_invite": access.is_owner(request.user), **(extra_context or {})}
        return super().changelist_view(request, more)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Author | None = None
    ) -> dict[str, Any]:
        """Only where the slug can be typed."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_fields(self, request: HttpRequest, obj: Author | None = None) -> Any:
        """Only editors see which account an author has."""
        found = super().get_fields(request, obj)
        return [
            name
            for name in found
            if name not in ("user", "former") or access.is_editor(request.user)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> Any:
        """Only editors may change the slug."""
        return () if access.is_editor(request.user) else ("slug",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody with a role."""
        return bool(access.roles_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Same permission as changing."""
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Their own profile, or everybody's for editors."""
        if obj is None:
            return bool(access.roles_of(request.user))
        return access.editable_authors(request.user).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Editors."""
        return access.is_editor(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        """Editors; a byline protects its author."""
        return access.is_editor(request.user)

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        """Through the service."""
        photo = form.cleaned_data.get("photo") if "photo" in form.changed_data else None
        if photo:
            obj.photo = form.initial.get("photo") or ""
        author_save(author=obj, photo=photo or None)
