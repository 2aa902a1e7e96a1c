"""Subscribing and ending it, by pages and mailed links. GET only ever shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authors import staff_links
from authors.models import Author
from blog.models import Tag
from blog.site.settings import settings_of
from comments import tokens
from comments.models import Commenter
from comments.thread import access
from comments.views.own import private, show
from core.text import number_of
from newsletter import letters, services
from newsletter.forms import JoinForm
from newsletter.models import MailPace


def _show(
    request: HttpRequest, template: str, title: str, status: int, **more: Any
) -> HttpResponse:
    return show(request, template, title, status, folder="newsletter", **more)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Asks for an address to mail a link to; the answer is the same for every address.

    The form stands below pages from any cache: it needs no token, only a browser that says where
    the post comes from.
    """
    if not settings_of(request).newsletter:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, initial={"to": request.GET.get("to", "")[:140]})
    sent = form.is_bound and form.is_valid()
    if sent:
        services.subscribe_request(
            email=form.cleaned_data["email"],
            language=translation.get_language() or "nl",
            author=form.author,
            tag=form.tag,
            pace=MailPace(form.cleaned_data["pace"]),
        )
    status = 422 if form.is_bound and not sent else 200
    return _show(request, "join", _("Newsletter"), status, form=form, sent=sent)


def _read(
    request: HttpRequest, token: str, purpose: tokens.Purpose, length: int
) -> tuple[Commenter, list[Any]]:
    """The person that a mailed link names, and the rest.

    Raises Http404; what `staff_links.check` does, unless a mail program stops mail.
    """
    found = tokens.read(purpose, token)
    if not isinstance(found, list) or len(found) != length:
        raise Http404
    person = access.person_named(found[0], found[1])
    if person is None:
        raise Http404
    if purpose != tokens.Purpose.LEAVE or not staff_links.is_one_click(request):
        staff_links.check(request, person.user_id)
    return person, found[2:]


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; pressing it begins the subscription."""
    person, (author_id, tag_id, pace) = _read(request, token, tokens.Purpose.JOIN, 5)
    author = Author.objects.filter(pk=author_id).first()
    tag = Tag.objects.filter(pk=tag_id).first()
    if (author_id and author is None) or (tag_id and tag is None):
        raise Http404
    with translation.override(person.language):
        done = request.method == "POST"
        if done:
            services.subscribe(person=person, author=author, tag=tag, pace=MailPace(pace))
        title = _("You get the newsletter") if done else _("Subscribe to the newsletter")
        return _show(
            request,
            "confirm",
            title,
            200,
            done=done,
            what=letters.what(author, tag),
            weekly=pace == MailPace.WEEKLY,
        )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The person's newsletters; POST ends one of them, or all: by a button or a mail program.

    RFC 8058: a mail program sends neither cookie nor Origin, which the site's CSRF check lets in.
    """
    person, _rest = _read(request, token, tokens.Purpose.LEAVE, 2)
    with translation.override(person.language):
        if request.method == "POST":
            one = number_of(request.POST.get("subscription", "")) or None
            services.unsubscribe(person=person, subscription=one)
        own = person.newsletters.select_related("author", "tag").order_by("pk")
        rows = [(row, letters.what(row.author, row.tag)) for row in own]
        title = _("Your newsletters") if rows else _("You get no newsletter")
        return _show(request, "stop", title, 200, rows=rows)
