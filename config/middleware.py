"""What every request meets on its way in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _
from modern_csrf.middleware import ModernCsrfViewMiddleware

from config import drafts, errors, kept
from core import compression

if TYPE_CHECKING:
    GetResponse = Callable[[HttpRequest], HttpResponse]

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class FaultMiddleware:
    """Refuses addresses that no page can have, and sets the policy of the whole site.

    NUL bytes and broken UTF-8 would reach the database as errors: they end here with 400.
    A response that says nothing of caching is private: only pages that declare themselves
    public (`core.caching.public`) may be shared.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with 400 for a request that no page could make sense of; to HEAD no body."""
        response = self._answer(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = ()  # type: ignore[attr-defined]
            else:
                response.headers.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            query = unquote(request.META.get("QUERY_STRING", ""), errors="strict")
        except UnicodeDecodeError as error:
            return errors.bad_request(request, error)
        if "\0" in query or "\0" in request.path_info or "\ufffd" in request.path_info:
            return errors.bad_request(request, SuspiciousOperation("NUL or broken UTF-8"))
        response = self.get_response(request)
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        return response


class CsrfMiddleware(ModernCsrfViewMiddleware):  # type: ignore[misc] # the package has no types
    """Refuses what another site's page sends, as Sec-Fetch-Site, Origin or else Referer says."""

    def process_request(self, request: HttpRequest) -> None:
        """Take the origin of the page that it came from where the browser names no other."""
        if referer := request.META.get("HTTP_REFERER"):
            try:
                parts = urlsplit(referer)
                origin = f"{parts.scheme}://{parts.netloc}"
            except ValueError:
                origin = "null"
            request.META.setdefault("HTTP_ORIGIN", origin)


class CompressionMiddleware(GZipMiddleware):
    """Django's compression; for pages that are the same for everybody by a faster library.

    Those hold no secret that the length of an answer could betray, so they need no padding, and
    every process gives the same bytes. Compression was a third of what such a page cost.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Compress when the browser takes it and it pays."""
        if (
            response.streaming
            or len(response.content) < compression.SMALLEST
            or response.has_header("Content-Encoding")
            or "public" not in response.get("Cache-Control", "")
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        encoding = compression.chosen(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if not encoding:
            return response
        if encoding == "br":
            response.content = compression.brotlied(response.content, once=True)
        else:
            response.content = compression.gzipped(response.content)
        response["Content-Length"] = str(len(response.content))
        response["Content-Encoding"] = encoding
        # Other bytes, the same page: a strong tag becomes weak.
        tag = response.get("ETag", "")
        if tag.startswith('"'):
            response["ETag"] = f"W/{tag}"
        return response


class AdminMiddleware:
    """The admin's own rules: its language, its content policy, and Django's form token."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.prefix = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; pages below the admin in their reader's language and under their own policy."""
        if not request.path_info.startswith(self.prefix):
            return self.get_response(request)
        language = getattr(request.user, "language", "") or settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        drafts.mark_saved(request, response)
        # A view with a policy of its own, like a mail that is shown in a frame, keeps it.
        if not hasattr(response, "_csp_replace"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Let the admin's own `csrf_protect` look too.

        The modern check has passed by now and has marked the request as processed, which would
        make Django's token check step aside.
        """
        if request.path_info.startswith(self.prefix):
            request.csrf_processing_done = False  # type: ignore[attr-defined]


class PostOnlyMiddleware:
    """Leads who opens an address of the admin that only takes forms to the list it belongs to.

    A login can end there: its `next` is whatever page was asked for.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the 405 that a browser would show as an empty page becomes a redirect."""
        response = self.get_response(request)
        if (
            response.status_code != 405
            or request.method != "GET"
            or "text/html" not in request.headers.get("Accept", "")
            or not request.path_info.startswith(reverse("admin:index"))
        ):
            return response
        if request.user.is_authenticated:
            messages.info(request, _("That address only takes what a form sends: nothing is done."))
        return HttpResponseRedirect(kept.list_of(request.path_info))
