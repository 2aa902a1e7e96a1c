"""Foreign key fields with a search dialog in place of a select or an id."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from blog.admin.desk_words import desk_words
from blog.models import Image


class SearchSelect(AutocompleteSelect):
    """A select that holds only the chosen row; static/admin-desk/choice.js loads others.

    Pictures come from the library's picker; all else from the admin's own search for the field,
    which gives each person what they may see.
    """

    media = forms.Media()

    def __init__(self, field: Field[Any, Any], site: admin.AdminSite = admin.site) -> None:
        super().__init__(field, site)
        self.field: Any = field

    @property
    def address(self) -> str:
        """URL of the search."""
        parameters = {
            "app_label": self.field.model._meta.app_label,
            "model_name": self.field.model._meta.model_name,
            "field_name": self.field.name,
        }
        return f"{self.get_url()}?{urlencode(parameters)}"

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds the data attributes that the script reads."""
        attrs = {**base_attrs, **(extra_attrs or {}), "class": "desk-choice"}
        if self.field.related_model is Image:
            return {**attrs, "data-pictures": ""}
        return {**attrs, "data-find": self.address}


class Choosing(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Mixin for forms and inlines; `chosen` names the fields."""

    chosen: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.chosen:
            kwargs["widget"] = SearchSelect(db_field, self.admin_site)
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ChoosingForm(Choosing, admin.ModelAdmin):  # type: ignore[type-arg]
    """ModelAdmin whose form or inlines have such fields."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        urls = {"choose": reverse("admin:blog_image_choose")}
        context.setdefault("desk", {"words": desk_words(), "urls": urls})
        return super().render_change_form(request, context, *args, **kwargs)
