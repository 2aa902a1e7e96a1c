"""Pages that mails link to, and the endpoint for inbound mail.

GET only ever shows: scanners open every link. Who mails a button's page to another gives away
what that one link can do, no more.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from authors import limits, staff_links
from authors.models import User
from comments import tokens
from comments.models import Comment, Commenter, State, Subscription
from comments.moderation import states
from comments.notifications import following
from comments.posting import by_mail
from comments.thread import access, refusals
from comments.views.own import private, show
from core.json_input import wants_json


def _known(token: str, purpose: tokens.Purpose, length: int) -> list[Any]:
    found = tokens.read(purpose, token)
    if not isinstance(found, list) or len(found) != length:
        raise Http404
    return found


@private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stops mail: POST, from the page's button or a mail program (RFC 8058), GET shows it.

    A mail program sends neither cookie nor Origin, which is what the site's CSRF check lets in.
    """
    number, subscription = _known(token, tokens.Purpose.STOP, 2)
    person = Commenter.objects.filter(pk=number).first()
    if person is None:
        raise Http404
    if not staff_links.is_one_click(request):
        staff_links.check(request, person.user_id)
    with translation.override(person.language):
        own = Subscription.objects.filter(pk=subscription, commenter=person)
        found = own.select_related("article", "comment").first()
        ended = None
        if request.method == "POST":
            following.stop(commenter=person, subscription=subscription)
            found, ended = None, found
        elif wants_json(request):
            return JsonResponse({"following": found is not None and not person.muted})
        done = request.method == "POST" or (bool(subscription) and found is None)
        return show(
            request,
            "stop",
            _("No more mail") if done else _("Stop this mail?"),
            done=done,
            following=found,
            # As it was: the row is gone.
            ended=ended,
            all=not subscription,
        )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, token: str) -> HttpResponse:
    """One comment with its buttons, for the moderator whose mail it was in, logged in."""
    comment_id, user_id = _known(token, tokens.Purpose.MODERATE, 2)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    comment = Comment.objects.select_related("article", "parent").filter(pk=comment_id).first()
    if user is None or comment is None or not access.may_moderate(user, comment):
        raise Http404
    # The reason that was typed while the session ended comes back with the page.
    staff_links.check(request, user.pk, reason=request.POST.get("reason", "")[:300])
    if not admin.site.has_permission(request):
        raise PermissionDenied
    with translation.override(settings.LANGUAGE_CODE):
        message, status = "", 200
        if request.method == "POST":
            reason = request.POST.get("reason", "").strip()[:300]
            try:
                _decide(comment, user, request.POST.get("decision", ""), reason)
                comment.refresh_from_db(fields=["state", "reason"])
            except refusals.StateConflict as conflict:
                comment.state, status = conflict.comment.state, 409
                message = _("Somebody decided about it in the meantime.")
        return show(
            request,
            "moderate",
            _("A comment under “%s”") % comment.article.title,
            status,
            comment=comment,
            waits=comment.state == State.PENDING,
            message=message,
            reason=request.GET.get("reason", "")[:300],
        )


def _decide(comment: Comment, user: User, decision: str, reason: str) -> None:
    if comment.state != State.PENDING:
        raise refusals.StateConflict(comment)
    if decision == "approve":
        states.comment_approve(comment=comment, actor=user)
    elif decision == "refuse":
        states.comment_reject(comment=comment, actor=user, reason=reason)
    elif decision == "spam":
        states.comment_spam(comment=comment, actor=user)


@never_cache
@require_POST
def inbound_mail(request: HttpRequest) -> HttpResponse:
    """Takes a mail from a mail service: raw as the body, or in a form's field.

    200 whatever became of it, so that the service does not bring it again; 403 without the
    secret, 413 for one that is too large, 429 for more than one person may send in an hour, which
    the service brings again.
    """
    secret = settings.INBOUND_SECRET
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    given = given or request.GET.get("secret", "")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        return HttpResponse(status=403)
    if int(request.headers.get("Content-Length") or 0) > by_mail.MAX_BYTES:
        return HttpResponse(status=413)
    raw = b""
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        for name in ("body-mime", "email", "message"):
            raw = raw or request.POST.get(name, "").encode("utf-8", "surrogateescape")
    else:
        raw = request.body
    result = by_mail.receive(raw)
    often = result is by_mail.Result.OFTEN
    response = HttpResponse(
        result.value, content_type="text/plain; charset=utf-8", status=429 if often else 200
    )
    if often:
        response["Retry-After"] = str(limits.LIMITS["mail-person"].seconds)
    return response
