"""A form of the admin that could not be taken: its page gives back what was typed.

Without scripts nothing else holds it: a redirect to the login would throw it away.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

_SECRET = re.compile(r"passw|token|secret|(?:^|[-_])(?:code|key)$", re.IGNORECASE)
# What forms say of themselves, and buttons.
_HOUSEKEEPING = re.compile(
    r"_|next$|action$|select_across$|index$|opened_(?:on|as|with)$|quality_seen$|initial-"
    r"|.*-(?:TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|.*-id$"
)
_LINE = 80


@dataclass(frozen=True)
class Typed:
    """One value of a form, with what stood beside its field."""

    label: str
    value: str

    @property
    def is_long(self) -> bool:
        """Whether one line is not enough."""
        return len(self.value) > _LINE or "\n" in self.value


def page(request: HttpRequest, *, lost: bool) -> HttpResponse:
    """403 with what was posted, and nothing else; `lost`: nobody is logged in any more.

    A form that another site sent is not shown: its words would pass for this site's.
    """
    onward = came_from(request)
    login = f"{reverse('admin:login')}?{urlencode({'next': onward})}"
    context = {
        **admin.site.each_context(request),
        "title": _("Your text is not saved"),
        "typed": typed(request) if is_own(request) else [],
        "lost": lost,
        "onward": login if lost else onward,
        # Neither menus nor scripts of a page that works: there is nobody, or no trust.
        "has_permission": False,
    }
    return render(request, "admin/kept.html", context, status=403)


def is_own(request: HttpRequest) -> bool:
    """Whether no header says that the request comes from a page of another site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # Or that of its Referer (`config.middleware.CsrfMiddleware`).
    return request.META.get("HTTP_ORIGIN") in (None, f"{request.scheme}://{request.get_host()}")


def typed(request: HttpRequest) -> list[Typed]:
    """The posted fields that hold something, without secrets and what no person filled in."""
    return [
        Typed(_label(request.path_info, name), value)
        for name, values in request.POST.lists()
        if not _HOUSEKEEPING.match(name) and not _SECRET.search(name)
        for value in values
        if value.strip()
    ]


def _label(path: str, name: str) -> str:
    """What the form calls its field, as far as the address tells which form it is."""
    model = _model(path)
    if model is None:
        return name
    form = getattr(admin.site._registry.get(model), "form", None)
    field = getattr(form, "base_fields", {}).get(name)
    if field is not None and field.label:
        return str(capfirst(str(field.label)))
    try:
        return str(capfirst(str(model._meta.get_field(name).verbose_name)))
    except (FieldDoesNotExist, AttributeError):
        return name


def _model(path: str) -> Any:
    """The model whose pages lie around the address; None: no model's."""
    parts = path.removeprefix(reverse("admin:index")).split("/")
    try:
        return apps.get_model(parts[0], parts[1])
    except (LookupError, ValueError):
        return None


# -- where to go on ------------------------------------------------------------------------------


def came_from(request: HttpRequest) -> str:
    """The page of the admin that the form stood on; the admin itself when that is not known."""
    try:
        referer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        referer = urlsplit("")
    if referer.scheme not in ("http", "https") or referer.netloc != request.get_host():
        return reverse("admin:index")
    if not referer.path.startswith(reverse("admin:index")):
        return reverse("admin:index")
    if not takes_get(referer.path):
        return list_of(referer.path)
    return referer.path + (f"?{referer.query}" if referer.query else "")


def takes_get(path: str) -> bool:
    """Whether the address is there, and its view shows a page to who opens it."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    # The admin's answer to addresses that are not there bears no name.
    shown: Any = getattr(found.func, "view_class", None)
    if found.url_name is None:
        return False
    if shown and not ("get" in shown.http_method_names and hasattr(shown, "get")):
        return False
    view: Any = found.func
    while view is not None:
        # `require_POST` and the like keep what they take in a closure.
        taken = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "GET" not in taken.get("request_method_list", ("GET",)):
            return False
        view = getattr(view, "__wrapped__", None)
    return path not in (reverse("admin:logout"), reverse("admin:login"))


def list_of(path: str) -> str:
    """The list of the model whose pages lie around the address, or what comes nearest."""
    factors = reverse("second_factor:manage")
    if path.startswith(factors):
        return factors
    model = _model(path)
    if model is None:
        return reverse("admin:index")
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    except NoReverseMatch:
        return reverse("admin:index")
