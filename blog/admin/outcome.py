"""What the admin says after saving: what happened, and where to see it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class SaysOutcome(admin.ModelAdmin[Any]):
    """Replaces Django's "was changed successfully" by what `outcome` returns."""

    def outcome(self, request: HttpRequest, obj: Any) -> str:
        """What happened to `obj`, as plain text or safe HTML."""
        raise NotImplementedError

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Where the pressed button leads, with the message."""
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._respond(request, obj) or self.response_post_save_add(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Where the pressed button leads, with the message."""
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return self._respond(request, obj) or self.response_post_save_change(request, obj)

    def _respond(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect | None:
        """Add the message; the address of a button that does not lead to the list."""
        self.message_user(request, self.outcome(request, obj), messages.SUCCESS)
        if "_continue" in request.POST:
            url = self._url("change", obj.pk)
        elif "_addanother" in request.POST:
            url = self._url("add")
        else:
            return None
        kept: Any = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(kept, url))

    def _url(self, page: str, *args: object) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


class TextOutcome(SaysOutcome):
    """The same for articles and pages, with a link to read the text."""

    # Its messages lead there themselves, also to what readers do not see yet.
    leads_to_site = False

    def with_view(self, words: str, text: Any, *, undo: str = "") -> SafeString:
        """`words`, a link to the public page or the preview, and one to where it is undone."""
        if text.is_public:
            url, label = text.get_absolute_url(), _("view")
        else:
            url, label = self._url("preview", text.pk), _("preview")
        said = format_html('{} – <a href="{}">{}</a>', words, url, label)
        if not undo:
            return said
        return format_html('{} · <a href="{}">{}</a>', said, undo, _("Undo"))
