"""Pages beside the articles, and the stylesheet with the site's accent."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_safe

from blog.discovery.metadata import absolute, described, for_page, trail
from blog.models import Page
from blog.site import colours
from blog.site.settings import settings_of
from core.caching import framing, public, share


@public()
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the site."""
    found = get_object_or_404(Page.objects.published(), slug=slug)
    site = settings_of(request)
    with translation.override(found.language):
        url = found.get_absolute_url()
        meta = replace(
            for_page(found.title, site, canonical=url, language=found.language),
            search_title=found.search_title,
            description=found.search_description or described(found.body_text),
            trail=trail(site, (found.title, url)),
            json_ld={
                "@context": "https://schema.org",
                "@type": "AboutPage" if found.purpose == "about" else "WebPage",
                "name": found.search_title or found.title,
                "url": absolute(url),
                "inLanguage": found.language,
                "dateModified": found.modified_at.isoformat(),
            },
        )
        response = render(request, "blog/page.html", {"text": found, "page": meta})
    return framing(response, found.frame_hosts)


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where feed readers, and browsers that show a feed, look for the site's icon."""
    response = HttpResponseRedirect(static("favicon.ico"))
    share(response, seconds=3600)
    return response


@require_safe
def style(request: HttpRequest, light: str, dark: str) -> HttpResponse:
    """The accent of which the address tells; it never changes. 404 for what cannot be read."""
    if colours.least(light, colours.LIGHT) < colours.AA:
        raise Http404
    if colours.least(dark, colours.DARK) < colours.AA:
        raise Http404
    response = HttpResponse(colours.stylesheet(light, dark), content_type="text/css")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
