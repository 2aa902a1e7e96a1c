"""Redirects and the site's settings at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from authors import access
from blog import services
from blog.admin.editors import EditorsOnly
from blog.models import Redirect, SiteSettings
from blog.models.site import SHARE_NETWORKS


@admin.register(Redirect)
class RedirectAdmin(EditorsOnly):
    """Addresses that moved."""

    list_display = ("old_path", "article", "target")
    search_fields = ("old_path",)
    raw_id_fields = ("article",)


class SiteSettingsForm(forms.ModelForm[SiteSettings]):
    """The settings, with the networks as boxes to tick."""

    share_networks = forms.MultipleChoiceField(
        label=gettext_lazy("share to"),
        choices=SHARE_NETWORKS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = SiteSettings
        fields = (
            "title",
            "tagline",
            "invitation",
            "footer_text",
            "share_networks",
            "newsletter",
            "authors_publish",
            "hold",
            "require_email",
            "close_after_days",
            "edit_minutes",
            "posts_per_hour",
            "posts_per_person",
            "flood_limit",
            "max_links",
            "spam_filter",
            "report_threshold",
            "client_days",
            "spam_days",
            "mail_days",
        )


@admin.register(SiteSettings)
class SiteSettingsAdmin(EditorsOnly):
    """The one row, for owners."""

    form = SiteSettingsForm

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.is_owner(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_owner(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_owner(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SiteSettings]:
        services.site_settings()
        return SiteSettings.objects.all()

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        services.site_settings_save(site=obj)
