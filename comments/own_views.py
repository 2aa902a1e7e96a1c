"""Pages for writers without an account: what they wrote, confirmed and opened by a link.

GET only ever shows; a mail scanner that opens every link changes nothing. The token is part of
the address, so these pages are kept by nobody and pass no address on to other sites.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from authors import staff_links
from blog.metadata import for_page
from blog.models import Article
from blog.reading import find_article
from blog.services import site_settings
from comments import access, following, fragments, reading, rights, tokens
from comments.forms import EditForm, LinkForm, rule_message
from comments.models import Comment, Commenter, Pace
from comments.oversized import given_back
from comments.services import Refused, StateConflict, comment_delete

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def private(view: _View[P]) -> _View[P]:
    """The page is for the holder of its address alone: not kept, not indexed, not passed on."""

    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except staff_links.LogIn as needed:
            response = needed.response
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def show(
    request: HttpRequest,
    template: str,
    title: str,
    status: int = 200,
    *,
    folder: str = "comments",
    **context: Any,
) -> HttpResponse:
    """A page of one person's: `<folder>/<template>.html` with the context, in no index."""
    language = translation.get_language()
    context["page"] = for_page(title, site_settings(), language=language, robots="noindex")
    return render(request, f"{folder}/{template}.html", context, status=status)


def _person(request: HttpRequest, token: str, purpose: tokens.Purpose) -> Commenter:
    """The person that a mailed link names.

    Raises Http404: forged, expired, erased since; what `staff_links.check` does.
    """
    found = tokens.read(purpose, token)
    if not isinstance(found, list):
        raise Http404
    person = access.person_named(found[0], found[1])
    if person is None:
        raise Http404
    staff_links.check(request, person.user_id)
    return person


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; pressing it makes the address known and shows what waited."""
    person = _person(request, token, tokens.Purpose.CONFIRM)
    with translation.override(person.language):
        shown: list[Comment] | None = None
        if request.method == "POST":
            shown = rights.commenter_confirm(commenter=person)
        mine = tokens.make(tokens.Purpose.MINE, [person.pk, person.email])
        return show(
            request,
            "confirm",
            _("Your address is confirmed") if shown is not None else _("Confirm your address"),
            person=person,
            done=shown is not None,
            shown=shown,
            mine=reverse("comments:mine", args=[mine]),
        )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def request_mine(request: HttpRequest) -> HttpResponse:
    """Asks for an address and mails it the link; the answer is the same for every address."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    sent = form.is_bound and form.is_valid()
    if sent:
        rights.mine_request(email=form.cleaned_data["email"])
    status = 422 if form.is_bound and not sent else 200
    return show(request, "mine_request", _("My comments"), status, form=form, sent=sent)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Everything written with an address: to see, change, download, or erase."""
    person = _person(request, token, tokens.Purpose.MINE)
    with translation.override(person.language):
        action = request.POST.get("action", "") if request.method == "POST" else ""
        if action in Pace.values:
            following.pace_set(commenter=person, pace=Pace(action))
            return HttpResponseRedirect(request.path, status=303)
        if action == "stop" and request.POST.get("following", "").isdecimal():
            number = int(request.POST["following"][:18])
            if number:
                following.stop(commenter=person, subscription=number)
            return HttpResponseRedirect(request.path, status=303)
        if action in ("mute", "unmute"):
            rights.commenter_mute(commenter=person, muted=action == "mute")
            return HttpResponseRedirect(request.path, status=303)
        if action == "erase" and request.POST.get("sure") == "yes":
            count = rights.commenter_erase(commenter=person)
            return show(request, "erased", _("Everything is erased"), count=count)
        rows = reading.written_by(person)
        site = site_settings()
        for row in rows:
            row.own_text = fragments.body(row)
            row.may_edit = rights.editable_until(row, site) is not None
        return show(
            request,
            "mine",
            _("My comments"),
            person=person,
            rows=rows,
            token=token,
            followed=person.subscriptions.select_related("article", "comment").order_by("id"),
            unsure=action == "erase",
        )


@private
@require_GET
def export(request: HttpRequest, token: str) -> HttpResponse:
    """What is kept of the person, as a JSON file."""
    person = _person(request, token, tokens.Purpose.MINE)
    response = JsonResponse(
        rights.commenter_export(person), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="comments.json"'
    return response


def own_comment(
    request: HttpRequest, year: int, month: int, slug: str, comment_id: int
) -> tuple[Article, Comment]:
    """The article and the asker's own comment.

    Raises Http404 without the right to it; what `staff_links.check` does.
    """
    article = find_article(year, month, slug, Article.objects.published())
    comment = (
        Comment.objects.select_related("article", "parent", "commenter")
        .filter(article=access.home_id(article), pk=comment_id)
        .first()
    )
    token = request.POST.get("own") or request.GET.get("own", "")
    if comment is None:
        raise Http404
    if access.token_fits(comment, token):
        staff_links.check(request, access.account_of(comment))
    if not access.owns(comment, token, request.user):
        raise Http404
    return article, comment


def _edit_message(refusal: Refused) -> str:
    """What the writer of a change that is not taken gets to read."""
    if refusal.reason == "rule":
        return rule_message(refusal)
    if refusal.reason == "held":
        return _(
            "With this change the editors would have to read your comment first. Write it as a "
            "new comment, or change it so that it has fewer links and no advertising."
        )
    return _("The time in which this comment could be changed is over.")


def _back(comment: Comment, token: str) -> HttpResponse:
    url = comment.get_absolute_url() + (f"?own={token}" if token else "")
    return HttpResponseRedirect(f"{url}#comment-{comment.pk}", status=303)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@given_back
def edit(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """The writer's own comment in a form; POST stores it, 403 with the text when it is too late."""
    article, comment = own_comment(request, year, month, slug, comment_id)
    token = request.POST.get("own") or request.GET.get("own", "")
    with translation.override(article.language):
        site = site_settings()
        data = request.POST if request.method == "POST" else None
        form = EditForm(data, initial={"text": comment.source, "own": token})
        message, status = "", 200
        preview = None
        if data is not None and not form.is_valid():
            status = 422
        elif data is not None and "preview" in data:
            preview = fragments.preview(form.cleaned_data["text"])
        elif data is not None:
            try:
                rights.comment_edit(comment=comment, source=form.cleaned_data["text"], site=site)
            except Refused as refusal:
                status, message = 403, _edit_message(refusal)
            else:
                return _back(comment, token)
        until = rights.editable_until(comment, site)
        if until is None:
            message = _("The time in which this comment could be changed is over.")
            status = 403
        return show(
            request,
            "edit",
            _("Change your comment"),
            status,
            article=article,
            comment=comment,
            form=form,
            message=message,
            until=until,
            preview=preview,
        )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """Asks once more; POST leaves a tombstone where the comment was."""
    article, comment = own_comment(request, year, month, slug, comment_id)
    token = request.POST.get("own") or request.GET.get("own", "")
    with translation.override(article.language):
        if request.method == "POST":
            try:
                comment_delete(comment=comment)
            except StateConflict:
                pass  # It was deleted, refused or removed before: gone is what was wanted.
            return show(request, "deleted", _("Your comment is deleted"), article=article)
        return show(
            request,
            "delete",
            _("Delete your comment"),
            article=article,
            comment=comment,
            text=fragments.body(comment),
            token=token,
        )
