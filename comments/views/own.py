"""Pages for writers without an account: confirm, view, edit, export and erase by mailed link.

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
from blog.discovery.metadata import for_page
from blog.models import Article
from blog.reading.selectors import find_article
from blog.site.settings import site_settings
from comments import tokens
from comments.commenters import giving, own_comments, status
from comments.forms import EditForm, LinkForm
from comments.models import Comment, Commenter, Pace, State, Subscription
from comments.notifications import following
from comments.thread import access, fragments, selectors
from comments.thread.refusals import Reason, Refused
from comments.views.kept import stored_query, text_kept
from comments.views.oversized import given_back
from core.language import language_of
from core.text import number_of

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
    """A page with one comment and a button; pressing it confirms that comment, and no other.

    The browser in which it is pressed is given the token that lets the address post at once.
    """
    person = _person(request, token, tokens.Purpose.CONFIRM)
    about = tokens.read(tokens.Purpose.CONFIRM, token)[2:]
    if not about:
        # A mail of before it was about one comment: each has a button of its own on this page.
        return HttpResponseRedirect(_mine_address(person))
    number, follow = about
    comment = person.comments.filter(pk=number).select_related("article", "parent").first()
    with translation.override(person.language):
        if comment is None:
            # Deleted for good, or given to another address.
            return show(request, "confirm", _("There is nothing to confirm any more"), 410)
        if request.method == "POST":
            return _confirmed(request, person, comment, follow=bool(follow))
        if comment.state not in (State.PENDING, State.APPROVED):
            return show(request, "confirm", _("There is nothing to confirm any more"), 410)
        return _asked(request, comment, follow=bool(follow))


def _asked(
    request: HttpRequest, comment: Comment, *, follow: bool, changed: bool = False
) -> HttpResponse:
    """The page with the button; 409 when what was shown before was `changed` since."""
    return show(
        request,
        "confirm",
        _("Is this comment yours?"),
        409 if changed else 200,
        comment=comment,
        text=fragments.body(comment),
        seen=own_comments.digest(comment),
        follow=follow,
        changed=changed,
        confirmed=own_comments.is_confirmed(comment),
        shown=comment.state == State.APPROVED,
    )


def _confirmed(
    request: HttpRequest, person: Commenter, comment: Comment, *, follow: bool = False
) -> HttpResponse:
    """Confirm `comment` and say what came of it, with the token for this browser.

    What was changed since the page was made is shown as it is now.
    """
    try:
        seen = request.POST.get("seen", "")
        row = own_comments.comment_confirm(comment=comment, seen=seen, follow=follow)
    except KeyError:
        raise Http404 from None
    except Refused:
        now = person.comments.select_related("article", "parent").get(pk=comment.pk)
        return _asked(request, now, follow=follow, changed=True)
    if row is None:
        return show(request, "confirm", _("There is nothing to confirm any more"), 410)
    person.refresh_from_db()
    followed = following.followed(commenter=person, article=row.article) if follow else None
    return show(
        request,
        "confirm",
        _("Your comment is confirmed"),
        person=person,
        comment=row,
        done=True,
        shown=row.state == State.APPROVED,
        follow=follow,
        stop_url=stop_address(followed) if followed else "",
        proof=access.browser_proof(person),
        mine=_mine_address(person),
    )


def stop_address(found: Subscription) -> str:
    """Where the person ends that following."""
    token = tokens.make(tokens.Purpose.STOP, [found.commenter_id, found.pk])
    return reverse("comments:stop", args=[token])


def _mine_address(person: Commenter) -> str:
    token = tokens.make(tokens.Purpose.MINE, [person.pk, person.email])
    return reverse("comments:mine", args=[token])


@private
@require_http_methods(["GET", "HEAD", "POST"])
def request_mine(request: HttpRequest) -> HttpResponse:
    """Asks for an address and mails it the link; the answer is the same for every address."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    sent = form.is_bound and form.is_valid()
    if sent:
        own_comments.mine_request(email=form.cleaned_data["email"])
    code = 422 if form.is_bound and not sent else 200
    return show(request, "mine_request", _("My comments"), code, form=form, sent=sent)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Everything written with an address: to see, change, download, or erase."""
    person = _person(request, token, tokens.Purpose.MINE)
    with translation.override(person.language):
        action = request.POST.get("action", "") if request.method == "POST" else ""
        if action in Pace.values:
            one = number_of(request.POST.get("following", "")) or 0
            following.pace_set(commenter=person, pace=Pace(action), subscription=one)
            return HttpResponseRedirect(request.path, status=303)
        if action == "stop" and "following" in request.POST:
            if number := number_of(request.POST["following"]):
                following.stop(commenter=person, subscription=number)
            return HttpResponseRedirect(request.path, status=303)
        if action == "confirm" and (number := number_of(request.POST.get("comment", ""))):
            found = person.comments.filter(pk=number).select_related("article", "parent").first()
            if found is None:
                raise Http404
            return _confirmed(request, person, found)
        if action in ("mute", "unmute"):
            own_comments.commenter_mute(commenter=person, muted=action == "mute")
            return HttpResponseRedirect(request.path, status=303)
        if action == "erase" and request.POST.get("sure") == "yes":
            count = own_comments.commenter_erase(commenter=person)
            going_on = Commenter.objects.filter(pk=person.pk).exists()
            title = _("Everything is being erased") if going_on else _("Everything is erased")
            return show(request, "erased", title, count=count, going_on=going_on)
        rows = selectors.written_by(person)
        site = site_settings()
        for row in rows:
            row.own_text = fragments.body(row)
            row.may_edit = own_comments.editable_until(row, site) is not None
            row.seen = own_comments.digest(row)
            row.waits_for_address = own_comments.waits_for_address(row)
            events = row.events.all()
            row.known_state = status.known_state(row, events)
            said = row.state != State.APPROVED and not row.waits_for_address
            row.lines = status.lines_of(row, events) if said else ()
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
        own_comments.commenter_export(person),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="comments.json"'
    return response


@private
@require_GET
def data(request: HttpRequest, token: str) -> HttpResponse:
    """The same as a page to read, in the person's language."""
    person = _person(request, token, tokens.Purpose.MINE)
    with translation.override(person.language):
        title = _("Everything that is kept of you")
        return show(request, "data", title, token=token, parts=giving.as_page(person))


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


def surely_hers(request: HttpRequest, comment: Comment) -> bool:
    """Whether who asks about their comment is known to read its address."""
    token = request.POST.get("own") or request.GET.get("own", "")
    return access.speaks_for_writer(comment, token, request.POST.get("proof", ""))


def unproven(request: HttpRequest, comment: Comment) -> str:
    """Why the page does not offer what would be refused to who opens it; empty when it is not.

    Whether the browser holds a proof only its script knows: it shows the offer then (site.js).
    """
    if surely_hers(request, comment) or not own_comments.is_confirmed(comment):
        return ""
    return str(Reason.UNPROVEN.label)


def _back(request: HttpRequest, comment: Comment, token: str) -> HttpResponse:
    query = stored_query(request, f"?own={token}" if token else "")
    url = f"{comment.get_absolute_url()}{query}#comment-{comment.pk}"
    return HttpResponseRedirect(url, status=303)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@given_back
@text_kept
def edit(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """The writer's own comment in a form; POST stores it, 403 with the text when it is too late."""
    article, comment = own_comment(request, year, month, slug, comment_id)
    token = request.POST.get("own") or request.GET.get("own", "")
    with translation.override(article.language):
        site = site_settings()
        data = request.POST if request.method == "POST" else None
        initial = {"text": comment.source, "own": token}
        form = EditForm(data, initial=initial, number=comment.pk)
        message, code = "", 200
        preview = None
        if data is not None and not form.is_valid():
            code = 422
        elif data is not None and "preview" in data:
            preview = fragments.preview(form.cleaned_data["text"])
        elif data is not None:
            try:
                own_comments.comment_edit(
                    comment=comment,
                    source=form.cleaned_data["text"],
                    site=site,
                    surely=surely_hers(request, comment),
                )
            except Refused as refusal:
                code, message = 403, refusal.message
            else:
                return _back(request, comment, token)
        until = own_comments.editable_until(comment, site)
        if until is None:
            message = str(Reason.LATE.label)
            code = 403
        return show(
            request,
            "edit",
            _("Change your comment"),
            code,
            article=article,
            comment=comment,
            form=form,
            message=message,
            unproven="" if data is not None or message else unproven(request, comment),
            until=until,
            preview=preview,
            preview_language=language_of(form["text"].value() or "", comment.language),
        )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """Asks once more; POST leaves a tombstone where the comment was."""
    article, comment = own_comment(request, year, month, slug, comment_id)
    token = request.POST.get("own") or request.GET.get("own", "")
    with translation.override(article.language):
        message = ""
        if request.method == "POST":
            surely = surely_hers(request, comment)
            try:
                own_comments.comment_take_back(comment=comment, surely=surely)
            except Refused as refusal:
                message = refusal.message
            else:
                return show(request, "deleted", _("Your comment is deleted"), article=article)
        return show(
            request,
            "delete",
            _("Delete your comment"),
            403 if message else 200,
            message=message,
            unproven="" if message else unproven(request, comment),
            article=article,
            comment=comment,
            text=fragments.body(comment),
            token=token,
        )
