"""Endpoints for the conversation's scripts, with pages that do the same without them."""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from blog.discovery.metadata import for_page
from blog.models import Article
from blog.reading.selectors import find_article
from blog.site.settings import site_settings
from comments import tokens
from comments.models import Comment, State, Visits
from comments.posting import network_mark
from comments.thread import access, fragments, places, reactions, selectors
from comments.thread.refusals import Reason, Refused
from comments.thread.selectors import Sort
from comments.views.section import sort_of
from core.caching import etag, share
from core.json_input import parse_object, wants_json

SHOWN_AT_ONCE = 50
KEPT_TIMES = 20


@require_safe
def arrivals(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """What came after the comment `?after=`, finished, and what was approved in the last hour with
    its time (`shown`); without it where the newest stand.

    Those are given in reading order (`?sort=` as on the article's page), at most
    `places.NEWEST` of them, each with its time in seconds since 1970. Both answers are the same for
    everybody and kept for some seconds: a thousand readers who wait cost what one costs. Who has
    the answer already costs one query.
    """
    article = find_article(year, month, slug, Article.objects.published().light())
    if article.comment_policy == "hidden":
        raise Http404
    after = request.GET.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    sort = sort_of(request.GET.get("sort", ""))
    asked = sort.value if number is None else number
    tag = etag("arrivals", article.pk, article.thread_version, article.language, asked)
    response = get_conditional_response(request, etag=tag)
    if response is None or response.status_code != 304:
        answer = _places(article, sort) if number is None else _arrived(article, number)
        response = JsonResponse({"count": article.comment_count, **answer})
        response["ETag"] = tag
    share(response, seconds=15)
    return response


def _places(article: Article, sort: Sort) -> dict[str, Any]:
    found = places.newest(article, sort)
    return {
        "newest": found.last,
        "latest": [[pk, int(at.timestamp())] for pk, at in found.comments],
        "more": found.more,
    }


def _arrived(article: Article, number: int) -> dict[str, Any]:
    rows = selectors.after(article, number, limit=SHOWN_AT_ONCE + 1)
    return {
        # Approved late, one may be known to who asks: they are no reason to ask for more.
        "more": sum(row.pk > number for _parent, row, _at in rows) > SHOWN_AT_ONCE,
        "items": [
            {"id": row.pk, "parent": parent, "html": fragments.current(row, article)}
            | ({"shown": int(shown_at.timestamp())} if row.pk <= number and shown_at else {})
            for parent, row, shown_at in rows[:SHOWN_AT_ONCE]
        ],
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def value(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """ "Valuable": one quiet reaction, counted once for a browser.

    GET gives a page with a button (and a number for the browser that has none); POST counts.
    """
    article = find_article(year, month, slug, Article.objects.published())
    found = (
        Comment.objects.select_related("article", "parent")
        .filter(article=access.home_id(article), pk=comment_id, state=State.APPROVED)
        .first()
    )
    if found is None or article.comment_policy == "hidden":
        raise Http404
    with translation.override(article.language):
        return _value(request, article, found)


def _value(request: HttpRequest, article: Article, comment: Comment) -> HttpResponse:
    token = request.POST.get("reader", "")
    reader = tokens.read(tokens.Purpose.READER, token) if token else None
    message, status, wait = "", 200, 0
    if request.method == "POST":
        if not isinstance(reader, str):
            reader = secrets.token_hex(16)
            token = tokens.make(tokens.Purpose.READER, reader)
        try:
            comment = reactions.reaction_set(
                comment=comment,
                reader=reader,
                client=network_mark.digest(request),
                valued=request.POST.get("valued", "1") == "1",
            )
        except Refused as refusal:
            status = 429 if refusal.reason == Reason.RATE else 409
            message, wait = refusal.message, refusal.wait
        if wants_json(request):
            answer = {"count": comment.reaction_count, "reader": token, "message": message}
            return _waiting(JsonResponse(answer, status=status), wait)
        if status == 200:
            url = comment.get_absolute_url()
            return HttpResponseRedirect(f"{url}#comment-{comment.pk}", status=303)
    context = {
        "article": article,
        "comment": comment,
        "text": fragments.body(comment),
        "reader": tokens.make(tokens.Purpose.READER, secrets.token_hex(16)),
        "message": message,
        "page": for_page(
            _("Is this comment valuable?"),
            site_settings(),
            language=article.language,
            robots="noindex",
        ),
    }
    return _waiting(render(request, "comments/value.html", context, status=status), wait)


R = TypeVar("R", bound=HttpResponse)


def _waiting(response: R, wait: int) -> R:
    if wait:
        response["Retry-After"] = str(wait)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def visits(request: HttpRequest, article_id: int) -> JsonResponse:
    """When a logged-in reader saw this conversation, on any of their devices.

    POST `{"times": [seconds since 1970, …]}` merges; both give the merged list.
    """
    user = request.user
    if user.is_anonymous or not user.is_active:
        return JsonResponse({"times": []}, status=403)
    article = Article.objects.published().filter(pk=article_id).first()
    if article is None:
        raise Http404
    place: dict[str, Any] = {"user": user, "article_id": access.home_id(article)}
    found = Visits.objects.filter(**place).first()
    times: list[int] = list(found.times) if found else []
    if request.method == "POST":
        try:
            sent = parse_object(request.body)["times"]
            new = {int(at) for at in sent[:KEPT_TIMES] if 0 < int(at) < 2**40}
        except (ValueError, TypeError, KeyError):
            return JsonResponse({"times": times}, status=400)
        times = sorted(new | set(times))[-KEPT_TIMES:]
        Visits.objects.update_or_create(**place, defaults={"times": times})
    return JsonResponse({"times": times})
