"""Pages behind secret addresses: an article before it is published, and mail about articles."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from authors import staff_links
from authors.models import User
from blog.discovery.metadata import for_page
from blog.models import Article, PreviewLink
from blog.site import token_kinds
from blog.site.settings import settings_of
from core import tokens


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, found by no search engine, and its address told to no page it links to."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """An article for whoever has the link: as readers will get it, without its conversation.

    404 for what was never given out, 410 with a word for what has expired or was withdrawn. One
    that is out by now leads to its page.
    """
    number = tokens.read(token_kinds.PREVIEW, token)
    link = PreviewLink.objects.filter(pk=number if isinstance(number, int) else 0).first()
    if link is None:
        raise Http404
    site = settings_of(request)
    if not link.is_active or link.article.trashed_at is not None:
        page = for_page(_("This preview link does not work any more"), site, robots="noindex")
        answer = render(request, "blog/preview_gone.html", {"page": page}, status=410)
        return _unlisted(answer)
    article = Article.objects.with_people().get(pk=link.article_id)
    if article.is_public:
        return _unlisted(HttpResponseRedirect(article.get_absolute_url()))
    prefetch_related_objects(article.byline, "links")
    with translation.override(article.language):
        page = for_page(article.title, site, robots="noindex, nofollow", language=article.language)
        context = {
            "article": article,
            "page": page,
            "preview": True,
            "until": link.expires_at,
        }
        return _unlisted(render(request, "blog/article_detail.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def article_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Switches an account's mail about articles off, or on again: POST; GET shows the buttons.

    For that account, logged in. A mail program, which cannot log in, posts
    `List-Unsubscribe=One-Click` (RFC 8058), which is off.
    """
    user = User.objects.filter(
        pk=tokens.read(token_kinds.ARTICLE_MAIL, token, seconds=3650 * 24 * 3600), is_active=True
    ).first()
    if user is None:
        raise Http404
    if not staff_links.is_one_click(request):
        try:
            staff_links.check(request, user.pk)
        except staff_links.LogIn as needed:
            return _unlisted(needed.response)
    if request.method == "POST":
        user.article_mail = request.POST.get("mail") == "on"
        user.save(update_fields=["article_mail"])
    site = settings_of(request)
    with translation.override(user.language or None):
        page = for_page(_("Mail about articles"), site, robots="noindex", language=user.language)
        context = {"page": page, "on": user.article_mail}
        return _unlisted(render(request, "blog/article_mail.html", context))
