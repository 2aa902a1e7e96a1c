"""Redirects old URLs of comments by the id in them.

Another article may have taken the address that a link was made with, or the conversation may have
gone to a translation. What follows an article by its old address is `blog.site.redirects`' to find.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from blog.models import Article
from blog.models.article import HEAVY
from blog.site.redirects import leads_to
from comments.models import Comment, State, page_address
from comments.thread import access
from core.text import number_of

_View = Callable[..., HttpResponse]


def found_by_number(view: _View) -> _View:
    """Let `view`, where it finds no such comment, send the request to where the comment is.

    The number is in the path, or in `?to=`. Nothing is said of a comment that its asker may not
    see, nor of one whose article is not public.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, **place: Any) -> HttpResponse:
        try:
            return view(request, **place)
        except Http404:
            number = place.get("comment_id") or number_of(request.GET.get("to", ""))
            where = _place(request, number) if number else ""
            if not where or where == request.path_info:
                raise
            return leads_to(request, where, query=request.META.get("QUERY_STRING", ""))

    return wrapper


def _place(request: HttpRequest, number: int) -> str:
    """The path of the page that was asked for below the article of comment `number`."""
    rows = Comment.objects.select_related("article", "commenter").filter(pk=number)
    comment = rows.defer(*(f"article__{name}" for name in HEAVY)).first()
    if comment is None or not comment.article.is_public or not _may_find(request, comment):
        return ""
    match = request.resolver_match
    if match is None or match.url_name is None:
        return ""
    if "comment_id" not in match.kwargs:
        return page_address(match.url_name, comment.article)
    rest = request.path_info.partition(f"/comment/{match.kwargs['comment_id']}/")[2]
    return comment.get_absolute_url() + rest


def _may_find(request: HttpRequest, comment: Comment) -> bool:
    if comment.article.comment_policy == "hidden":
        return False
    if comment.shown or comment.state in (State.DELETED, State.REMOVED):
        return True
    token = request.POST.get("own") or request.GET.get("own", "")
    # Who is logged in plays no part: these pages are the same for everybody without the token.
    return access.owns(comment, token, None)


def form_of_another(request: HttpRequest, article: Article) -> str:
    """Where a form belongs that was opened under another article than the one at its address.

    Empty when it is at home. Raises Http404 when readers do not see that article any more: what
    was written about one is not posted under another.
    """
    number = number_of(request.POST.get("article_id", ""))
    if not number or number == article.pk:
        return ""
    meant = Article.objects.published().only("slug", "published_at").filter(pk=number).first()
    if meant is None:
        raise Http404
    return page_address("reply", meant)
