"""Redirects and the site's settings in the admin."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.encoding import iri_to_uri
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from authors import access
from authors.roles import FactorFor
from authors.second_factor import services as second_factor_services
from blog.admin import accent, settings_groups
from blog.admin.choosing import ChoosingForm
from blog.admin.editors import EditorsOnly
from blog.admin.menus import FooterMenu, HeaderMenu
from blog.admin.outcome import SaysOutcome
from blog.models import Redirect, SiteSettings
from blog.models.site import SHARE_NETWORKS
from blog.site import colours, menus, redirects
from blog.site import settings as site_settings
from blog.site.own_paths import is_answered

_PATH = re.compile(r"/(?!/)[^\\\s]*")


def _path(typed: str) -> str:
    """A path of this site as requests have it, of what was typed or pasted. Raises
    ValidationError."""
    typed = typed.strip().removeprefix(settings.SITE_URL)
    parts = urlsplit(typed)
    if not _PATH.fullmatch(typed):
        raise ValidationError(_("A path of this site, which begins with a slash: /old/address/"))
    if parts.query or parts.fragment:
        raise ValidationError(_("Without what follows ? or #: the path alone counts."))
    return unquote(parts.path)


def _target(typed: str) -> str:
    """A path of this site, or the address of another one. Raises ValidationError."""
    typed = typed.strip()
    if not redirects.is_elsewhere(typed):
        return _path(typed)
    parts = urlsplit(typed)
    if parts.netloc.lower() == urlsplit(settings.SITE_URL).netloc.lower():
        return _path(parts._replace(scheme="", netloc="").geturl() or "/")
    try:
        URLValidator(schemes=["http", "https"])(typed)
    except ValidationError as error:
        raise ValidationError(_("No address of a site: https://example.org/page/")) from error
    return iri_to_uri(typed)


class RedirectForm(forms.ModelForm[Redirect]):
    """A moved address: to an article, a path or another site in one step, or gone."""

    # Whether the person is an owner; set by the admin.
    leaves = False

    class Meta:
        model = Redirect
        fields = ("old_path", "article", "target")

    def clean_old_path(self) -> str:
        """A path. Raises ValidationError."""
        return _path(self.cleaned_data["old_path"])

    def clean_target(self) -> str:
        """A path, another site for owners, or nothing. Raises ValidationError."""
        typed = self.cleaned_data["target"]
        found = _target(typed) if typed else ""
        if redirects.is_elsewhere(found) and not self.leaves:
            raise ValidationError(_("Only an owner sends readers to another site."))
        if len(found) > 300:
            raise ValidationError(_("That address is too long."))
        return found

    def clean(self) -> dict[str, Any]:
        """It ends where it leads to: no loop, and no chain to or from another one."""
        data = super().clean() or self.cleaned_data
        old, target, article = data.get("old_path"), data.get("target"), data.get("article")
        if target and article:
            self.add_error("target", _("Either an article or an address, not both."))
        if old and "old_path" in self.changed_data and is_answered(old):
            words = _("A page answers there: as long as it does, nobody would be sent on.")
            self.add_error("old_path", words)
        goal = article.get_absolute_url() if article else target
        others = Redirect.objects.exclude(pk=self.instance.pk)
        if old and goal and old == goal:
            self.add_error("old_path", _("This would lead in a circle: it is where it leads to."))
        elif goal and (further := others.filter(old_path=goal).first()):
            where = further.article.get_absolute_url() if further.article else further.target
            words = _("That address leads on itself, to %(where)s. Lead there at once.")
            self.add_error("target", words % {"where": where or _("nothing: it is gone (410)")})
        elif old and (first := others.filter(target=old).first()):
            words = _("%(path)s leads to this address. Change that one first: chains are slow.")
            self.add_error("old_path", words % {"path": first.old_path})
        return data


@admin.register(Redirect)
class RedirectAdmin(EditorsOnly, ChoosingForm):
    """Addresses that moved."""

    form = RedirectForm
    list_display = ("old_path", "article", "target")
    list_select_related = ("article",)
    search_fields = ("old_path", "target")
    chosen = ("article",)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[RedirectForm]:
        """The form class, for an owner one that takes other sites."""
        base = super().get_form(request, obj, change, **kwargs)
        return type("RedirectForm", (base,), {"leaves": access.is_owner(request.user)})

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors; owners alone where it leads to another site."""
        if obj is not None and redirects.is_elsewhere(obj.target):
            return access.is_owner(request.user)
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change it."""
        return self.has_change_permission(request, obj)


class SiteSettingsForm(forms.ModelForm[SiteSettings]):
    """The settings, with the networks as boxes to tick; colours that can be read."""

    share_networks = forms.MultipleChoiceField(
        label=gettext_lazy("share to"),
        choices=SHARE_NETWORKS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    accent = forms.CharField(
        label=gettext_lazy("accent colour"),
        required=False,
        max_length=7,
        help_text=gettext_lazy("#rrggbb, for links and buttons; empty: the site's own green."),
        widget=forms.TextInput(attrs=accent.ATTRIBUTES),
    )
    accent_dark = forms.CharField(
        label=gettext_lazy("accent colour on dark"),
        required=False,
        max_length=7,
        help_text=gettext_lazy("Empty: the nearest shade of the accent that can be read on dark."),
    )
    take_nearest = forms.BooleanField(
        label=gettext_lazy("take the nearest shade"),
        required=False,
        help_text=gettext_lazy("When there is too little contrast, take the one that has enough."),
    )

    class Meta:
        model = SiteSettings
        fields = (
            "title",
            "tagline",
            "logo",
            "logo_dark",
            "accent",
            "accent_dark",
            "featured",
            "invitation",
            "invitation_translated",
            "footer_text",
            "share_networks",
            "newsletter",
            "newsletter_text",
            "authors_publish",
            "second_factor_for",
            "first_steps",
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
            "trash_days",
            "check_links",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("accent", "accent_dark"):
            if value := getattr(self.instance, name):
                self.initial[name] = f"#{value}"
        # What was derived from the accent goes with it: it was never chosen.
        if accent.is_derived(self.instance.accent, self.instance.accent_dark):
            self.initial["accent_dark"] = ""
        if settings.SECOND_FACTOR_FOR:
            field = self.fields["second_factor_for"]
            field.disabled = True
            words = _("The server says it: SECOND_FACTOR_FOR is “%s”, and wins over this.")
            field.help_text = words % FactorFor(settings.SECOND_FACTOR_FOR).label
        else:
            days = {"days": settings.SECOND_FACTOR_GRACE}
            self.fields["second_factor_for"].help_text %= days

    def clean(self) -> dict[str, Any]:
        """Both colours as six digits, with enough contrast. Errors name the nearest that has."""
        data = super().clean() or self.cleaned_data
        typed = data.get("accent", ""), data.get("accent_dark", "")
        light = self._colour("accent", typed[0], colours.LIGHT) if typed[0] else ""
        dark = self._colour("accent_dark", typed[1], colours.DARK) if typed[1] else ""
        if typed[1] and not typed[0]:
            self.add_error("accent", _("With a colour on dark comes one on light."))
        if light and not typed[1]:
            dark = colours.nearest(light, colours.DARK)
        data["accent"], data["accent_dark"] = light, dark
        return data

    def _colour(self, name: str, typed: str, surfaces: tuple[str, ...]) -> str:
        """The colour of a field, or "" with an error at it."""
        colour = colours.parse_colour(typed)
        if colour is None:
            self.add_error(name, _("A colour as #rrggbb, for example #0b5d5a."))
            return ""
        found = colours.least(colour, surfaces)
        if found >= colours.AA:
            return colour
        better = colours.nearest(colour, surfaces)
        if self.cleaned_data.get("take_nearest"):
            return better
        words = _(
            "Hard to read: a contrast of %(found)s, where %(least)s is the least (WCAG AA). "
            "The nearest shade that has enough is #%(better)s."
        )
        self.add_error(
            name,
            words
            % {
                "found": number_format(found, 1),
                "least": number_format(colours.AA, 1),
                "better": better,
            },
        )
        return ""


@admin.register(SiteSettings)
class SiteSettingsAdmin(SaysOutcome, EditorsOnly, ChoosingForm):
    """The one row, for owners; its list leads to its form."""

    form = SiteSettingsForm
    inlines = (HeaderMenu, FooterMenu)
    chosen = ("logo", "logo_dark", "featured")

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

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form of the one row, made when there is none yet."""
        row = site_settings.site_settings()
        return HttpResponseRedirect(reverse("admin:blog_sitesettings_change", args=[row.pk]))

    def outcome(self, request: HttpRequest, obj: SiteSettings) -> str:
        """The message after saving."""
        return _("The settings are saved")

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        site_settings.site_settings_save(site=obj)
        if "second_factor_for" in form.changed_data:
            second_factor_services.grace_renew()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fields grouped by topic; fields without a group come last."""
        return settings_groups.fieldsets(self.get_fields(request, obj))

    def get_urls(self) -> list[URLPattern]:
        """With the page that says how a colour looks before it is saved."""
        shown = self.admin_site.admin_view(require_safe(self.accent_view))
        return [path("accent/", shown, name="blog_sitesettings_accent"), *super().get_urls()]

    def accent_view(self, request: HttpRequest) -> JsonResponse:
        """Both colours as they are typed, light and dark, as JSON."""
        if not access.is_owner(request.user):
            raise PermissionDenied
        typed = request.GET.get("accent", ""), request.GET.get("accent_dark", "")
        return JsonResponse(accent.preview(*typed))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        menus.menu_links_renew()
