"""The menus on the page of the settings: at the top and at the foot, each in its own order."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors import access
from blog.admin.choosing import Choosing
from blog.models import MenuItem, MenuPlace, SiteSettings

_TARGET = re.compile(r"/(?!/)[^\s\\]*|mailto:[^\s@]+@[^\s@]+")


class MenuItemForm(forms.ModelForm[MenuItem]):
    """A link that leads to one thing; a script fills in its place of the order of the page."""

    place: MenuPlace

    class Meta:
        model = MenuItem
        fields = ("label", "page", "tag", "url", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.place = self.place

    def clean_url(self) -> str:
        """A path of this site, or a web or mail address. Raises ValidationError."""
        url: str = self.cleaned_data["url"].strip()
        if url and not _TARGET.fullmatch(url):
            URLValidator(schemes=["https", "http"])(url)
        return url

    def clean(self) -> dict[str, Any]:
        """One of page, subject and address; an address with a label."""
        data = super().clean() or self.cleaned_data
        goals = [name for name in ("page", "tag", "url") if data.get(name)]
        if len(goals) != 1 and "url" not in self.errors:
            self.add_error("url", _("Choose one: a page, a subject, or an address."))
        if goals == ["url"] and not data.get("label"):
            self.add_error("label", _("Say what stands in the menu."))
        return data


class Menu(Choosing, admin.StackedInline):  # type: ignore[type-arg]
    """The links of one menu, for who may change the settings."""

    place: MenuPlace
    model = MenuItem
    extra = 0
    chosen = ("page", "tag")
    fields = ("label", "page", "tag", "url", "position")
    template = "admin/blog/menu.html"
    classes = ("collapse",)
    verbose_name = gettext_lazy("link")

    def get_formset(self, request: HttpRequest, obj: SiteSettings | None = None, **kw: Any) -> Any:
        """The formset class with the menu of its forms set."""
        form = type("MenuItemForm", (MenuItemForm,), {"place": self.place})
        return super().get_formset(request, obj, form=form, **kw)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MenuItem]:
        return super().get_queryset(request).filter(place=self.place)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_owner(request.user)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission
    has_view_permission = has_add_permission


class HeaderMenu(Menu):
    """At the top of every page."""

    place = MenuPlace.HEADER
    verbose_name_plural = gettext_lazy("menu at the top")


class FooterMenu(Menu):
    """At the foot of every page."""

    place = MenuPlace.FOOTER
    verbose_name_plural = gettext_lazy("menu at the foot")
