"""Preview of a text as its readers get it, in the width and colours of one's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from blog.admin.writing import TextDesk
from blog.discovery.metadata import for_page
from blog.models import Article, Image, Page, WorkingCopy
from blog.publishing.rendering import body_set
from blog.site.settings import settings_of
from core.text import number_of

if TYPE_CHECKING:
    from authors.models import User

_WIDTHS = {
    "phone": gettext_lazy("Phone"),
    "tablet": gettext_lazy("Tablet"),
    "wide": gettext_lazy("Wide"),
}
_SCHEMES = {
    "system": gettext_lazy("As this device"),
    "light": gettext_lazy("Light"),
    "dark": gettext_lazy("Dark"),
}


def frame_context(request: HttpRequest) -> dict[str, Any]:
    """Template context of admin/_frame.html: what is chosen by `?width=` and `?scheme=`, and links
    to every other choice."""
    asked = request.GET
    chosen = {
        "width": asked.get("width") if asked.get("width") in _WIDTHS else "wide",
        "scheme": asked.get("scheme") if asked.get("scheme") in _SCHEMES else "system",
    }

    def links(name: str, labels: dict[str, Any]) -> list[tuple[str, Any, bool]]:
        found = []
        for value, label in labels.items():
            query = asked.copy()
            query[name] = value
            found.append((f"?{query.urlencode()}", label, chosen[name] == value))
        return found

    return {
        "frame_class": f"frame-{chosen['width']} frame-{chosen['scheme']}",
        "frame_choices": [
            (_("Width"), links("width", _WIDTHS)),
            (_("Colours"), links("scheme", _SCHEMES)),
        ],
    }


def _with_copy(text: Article | Page, copy: WorkingCopy) -> None:
    """Put what `copy` holds into `text`, which is not saved."""
    held = {name: values[0] for name, values in copy.data.items() if values}
    text.title = held.get("title", text.title)
    text.body_source = held.get("body_source", text.body_source)
    text.language = held.get("language", text.language)
    if isinstance(text, Article):
        text.lead = held.get("lead", text.lead)
        if "picture" in held:
            text.picture = Image.objects.filter(pk=number_of(held["picture"])).first()
    body_set(text)


class PreviewDesk(TextDesk):
    """Adds the preview, and the frame in it."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        framed = xframe_options_sameorigin(require_safe(self.frame_view))
        preview = wrap(require_safe(self.preview_view))
        return [
            path("<int:number>/preview/", preview, name=self.named("preview")),
            path("<int:number>/preview/frame/", wrap(framed), name=self.named("frame")),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """The page in a frame; `?copy=` shows one's own autosaved copy with that key instead.

        404 without permission to edit it.
        """
        text = self.editable(request, number)
        copy = self._copy(request, text)
        source = self.url("frame", text.pk)
        context = self.shown(
            request,
            _("Preview"),
            text=text,
            copy=copy,
            frame_url=f"{source}?copy={copy.key}" if copy else source,
            **frame_context(request),
        )
        return TemplateResponse(request, "admin/blog/text/preview.html", context)

    def _copy(self, request: HttpRequest, text: Any) -> WorkingCopy | None:
        user: User = request.user  # type: ignore[assignment]
        own = WorkingCopy.objects.filter(user=user, **{str(self.opts.model_name): text})
        return own.filter(key=request.GET.get("copy", "")[:36]).exclude(data={}).first()

    def frame_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """The page alone, without its conversation, for the frame. 404 like the preview."""
        text = self.editable(request, number)
        if isinstance(text, Article):
            text = Article.objects.with_people().get(pk=text.pk)
            prefetch_related_objects(text.byline, "links")
        copy = self._copy(request, text)
        if copy is not None:
            try:
                _with_copy(text, copy)
            except ValidationError as error:
                return HttpResponse(" ".join(error.messages), content_type="text/plain", status=422)
        site = settings_of(request)
        with translation.override(text.language):
            page = for_page(text.title, site, robots="noindex, nofollow", language=text.language)
            context: dict[str, Any] = {"page": page, "preview": True}
            if isinstance(text, Article):
                context["article"] = text
                answer = render(request, "blog/article_detail.html", context)
            else:
                answer = render(request, "blog/page.html", {**context, "text": text})
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        framing = {"frame-ancestors": [SELF], "frame-src": text.frame_hosts or [NONE]}
        answer._csp_replace = {**policy, **framing}  # type: ignore[attr-defined]
        return answer
