"""Old addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from blog.metadata import for_page
from blog.models import Article, Redirect
from blog.reading import latest
from blog.services import site_settings

if TYPE_CHECKING:
    from django.http import HttpRequest


_NUMBER = re.compile(r"(?:p|page_id)=[0-9]{1,18}")


def _leads_on(moved: Redirect) -> bool:
    target = moved.target
    return moved.article is None and target.startswith("/") and not target.startswith("//")


class RedirectMiddleware:
    """Where no page is found, an address that moved leads on (301) or says goodbye (410)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and where that is 404 look for the address among those that moved."""
        path = request.path_info
        # WordPress's short addresses: the front page with a number.
        number = _NUMBER.fullmatch(request.META.get("QUERY_STRING", "")) if path == "/" else None
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD") or not (number or response.status_code == 404):
            return response
        old = f"/?{number[0]}" if number else path[:300]
        moved = Redirect.objects.filter(old_path=old).select_related("article").first()
        if moved is None:
            return response
        if moved.article is not None and moved.article.trashed_at is None:
            # Never tell where a withdrawn article went.
            if Article.objects.published().filter(pk=moved.article.pk).exists():
                return HttpResponsePermanentRedirect(moved.article.get_absolute_url())
            return response
        # What lies in the trash is gone, and comes back under its own address.
        if _leads_on(moved):
            return HttpResponsePermanentRedirect(moved.target)
        with translation.override(settings.LANGUAGE_CODE):
            page = for_page(_("This page is gone"), site_settings(), robots="noindex")
            return render(request, "410.html", {"latest": latest(), "page": page}, status=410)
