"""Pages and endpoints of the conversation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from authors import access as people
from authors import staff_links
from blog.discovery.metadata import PageMeta, absolute, for_page, trail
from blog.models import Article, SiteSettings
from blog.reading.selectors import find_article
from blog.reading.shown import closes_at, holds_until, shows
from blog.site.redirects import leads_to
from blog.site.settings import site_settings
from comments.commenters import own_comments, status
from comments.forms import CommentForm
from comments.models import Comment, State, in_thread, page_address
from comments.posting import network_mark
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.thread import access, fragments, selectors, structured
from comments.thread.refusals import Refused
from comments.views import old_addresses, outcomes
from comments.views.kept import kept_page
from comments.views.outcomes import Outcome
from comments.views.oversized import given_back
from comments.views.own import unproven
from comments.views.section import pages, section
from core.caching import share
from core.json_input import wants_json
from core.text import number_of


def _begun(request: HttpRequest, article: Article, parent: Comment | None) -> Submission:
    """A comment as yet without its text: where it belongs, and who sends it."""
    user, begun = request.user, Submission(article=article, parent=parent)
    if not user.is_anonymous and user.is_active:
        author = people.author_of(user)
        name = author.name if author else user.shown_name
        moderator = people.is_moderator(user)
        return replace(begun, name=name, user=user, author=author, moderator=moderator)
    begun = replace(begun, client=network_mark.digest(request))
    if not settings.AKISMET_KEY:
        return begun
    agent = request.headers.get("User-Agent", "")[:300]
    return replace(begun, address=network_mark.address(request), agent=agent)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@given_back
def reply(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """The page to write on, and the address that every comment form is sent to.

    GET gives the page; POST stores and leads to the new comment (303), or gives the form back
    with what was typed: 422 for what can be mended in the form, 403 for a closed conversation,
    409 for a comment that is gone, 404 for an article that is, 413 for more than the site takes
    at once, 503 without a database.
    """
    try:
        article = find_article(year, month, slug, Article.objects.published().light())
        if elsewhere := old_addresses.form_of_another(request, article):
            return leads_to(request, elsewhere, query="")
        with translation.override(article.language):
            return _reply(request, article)
    except (OperationalError, InterfaceError):
        if request.method != "POST":
            raise
        message = _(
            "The site cannot store your comment right now. Your text is below: keep the page "
            "open and send it again in a minute."
        )
        return kept_page(request, message, 503)
    except Http404:
        if not request.POST.get("text"):
            raise
        message = _(
            "This article, or the conversation under it, is not there any more. Your text is "
            "below, so that you can keep it."
        )
        return kept_page(request, message, 404)


def _reply(request: HttpRequest, article: Article) -> HttpResponse:
    return _outcome(request, article).answer(request)


def _outcome(request: HttpRequest, article: Article) -> Outcome:
    """What comes of the request; raises Http404 for a page to answer what is not there."""
    site, is_post = site_settings(), request.method == "POST"
    wanted = request.POST.get("parent", "") if is_post else request.GET.get("to", "")
    parent = access.answerable(article, wanted) if wanted else None
    begun = _begun(request, article, parent)
    initial = {"parent": parent.pk if parent else "", "key": uuid.uuid4().hex}
    form = CommentForm(request.POST if is_post else None, begun=begun, site=site, initial=initial)
    is_orphan = bool(wanted) and parent is None
    closed = access.closed_reason(article, site)
    if is_orphan and not is_post:
        raise Http404
    if not is_post:
        return outcomes.Asked(form, closed)
    if closed:
        return outcomes.NotTaken(form, closed)
    if is_orphan:
        return outcomes.Orphaned.of(form)
    if not form.is_valid():
        return outcomes.Incomplete(form)
    if "preview" in request.POST:
        return outcomes.Previewed(form, preview=fragments.preview(form.cleaned_data["text"]))
    submission = form.submission()
    try:
        comment, receipt = comment_post(submission=submission, site=site)
    except Refused as refusal:
        return outcomes.refused(form, refusal)
    if receipt in outcomes.STORED:
        return outcomes.STORED[receipt](comment)
    # A repeat is the writer's own only with her session, or a key that no other browser knows.
    if submission.user is not None or submission.key:
        return outcomes.PostedBefore(comment)
    return outcomes.Repeated(comment)


@require_safe
def comment(
    request: HttpRequest, year: int, month: int, slug: str, comment_id: int
) -> HttpResponse:
    """A comment's own page: what it answers above it, what answers it below.

    A waiting comment shows to who brings its signed address, to nobody else.
    """
    article = find_article(year, month, slug, Article.objects.published())
    if article.comment_policy == "hidden":
        raise Http404
    shows(request, [article])
    found = (
        Comment.objects.select_related("article", "parent", "commenter")
        .filter(article=access.home_id(article), pk=comment_id)
        .first()
    )
    if found is None:
        raise Http404
    # Who is logged in plays no part without a token: that page is the same for everybody.
    own = False
    if token := request.GET.get("own", ""):
        try:
            if access.token_fits(found, token):
                staff_links.check(request, access.account_of(found))
        except staff_links.LogIn as needed:
            return needed.response
        own = access.owns(found, token, request.user)
    with translation.override(article.language):
        if not found.shown and not own:
            if found.state in (State.DELETED, State.REMOVED):
                return _gone(request, article)
            raise Http404
        if own and wants_json(request):
            return _unkept(_standing(found, token))
        response = comment_page(request, article, found, own)
        return _unkept(response) if token else response


def _unkept(response: HttpResponse) -> HttpResponse:
    """Of one person alone, at an address that gives a right."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _standing(comment: Comment, token: str) -> JsonResponse:
    """How the comment stands, for pages on which its writer's browser shows it."""
    known = status.status_of(comment, token)
    pending = known.state == State.PENDING
    return JsonResponse(
        {
            "state": known.state,
            "message": " ".join(known.note.lines),
            "html": fragments.render(comment, waiting=True, note=known.note) if pending else "",
        }
    )


def _gone(request: HttpRequest, article: Article) -> HttpResponse:
    """410: the comment was taken away, and the conversation is still there."""
    page = for_page(
        _("This comment is gone"), site_settings(), language=article.language, robots="noindex"
    )
    context = {"article": article, "page": page}
    return render(request, "comments/gone.html", context, status=410)


def _where_it_stands(article: Article, comment: Comment) -> str:
    """The place in the conversation of `comment`, or of what it answers while it does not show."""
    found = comment if comment.shown else comment.parent
    return in_thread(article, found.pk) if found else f"{article.get_absolute_url()}#comments"


def _pages(
    request: HttpRequest, branch: selectors.ThreadPage, total: int, own: bool
) -> dict[str, Any]:
    """The neighbouring pages of a branch of `total` comments; its writer sees the first alone."""
    if own:
        return {}
    names = (_("Previous replies"), _("More replies"))
    return pages(branch, request.GET, total, names, lambda **at: f"{request.path}?{urlencode(at)}")


def comment_page(
    request: HttpRequest,
    article: Article,
    comment: Comment,
    own: bool,
    note: fragments.OwnNote | None = None,
) -> HttpResponse:
    """The page of `comment`, as its writer sees it when `own`, as a moderator does with her `note`,
    else as everybody does."""
    token = request.GET.get("own", "") if own else ""
    known = status.status_of(comment, token) if own else None
    note = known.note if known else note
    private = note is not None
    # They see the words themselves, whatever others see in their place.
    waiting = private and comment.state not in (State.APPROVED, State.DELETED)
    answerable = comment.state == State.APPROVED
    if note is not None and (note.lines or note.panel):
        fragments.show_own(comment, article, note, waiting=waiting)
    start, end = (number_of(request.GET.get(name, "")) for name in ("after", "before"))
    branch = selectors.ThreadPage([])
    if not waiting:
        branch = selectors.branch(comment, article, start=start, end=end)
    first = branch.rows[0] if branch.earlier else comment
    shown: list[fragments.Shown] = [comment] if waiting else [*branch.rows]
    rows: list[fragments.Shown] = [*selectors.ancestors(first, article)]
    rows += [comment if private and row.pk == comment.pk else row for row in shown]
    posting: Sequence[fragments.Shown] = [] if private or branch.earlier else branch.rows
    site = site_settings()
    holds_until(request, closes_at(article, site))
    context = {
        **section(article, site, rows, branch=comment),
        "comment": comment,
        "heading": _("Comment by %s") % comment.name if private or answerable else _("A comment"),
        "in_thread": _where_it_stands(article, comment),
        "respond_title": _("Reply to %s") % comment.name if answerable else _("Write a comment"),
        "waiting": waiting,
        **_pages(request, branch, comment.descendant_count + answerable, private),
        "own": token,
        "unproven": unproven(request, comment) if own else "",
        "editable_until": own_comments.editable_until(comment, site) if own else None,
        "status": known,
        "moderating": private and not own,
        "page": _about(article, comment, site, posting, private=private),
    }
    response = render(request, "comments/permalink.html", context)
    if not private and "own" not in request.GET:
        share(response, seconds=30)
    return response


def _about(
    article: Article,
    comment: Comment,
    site: SiteSettings,
    posting: Sequence[fragments.Shown],
    *,
    private: bool,
) -> PageMeta:
    """What the page of `comment` says of itself; to machines the comments of `posting` too."""
    named = private or comment.state == State.APPROVED
    if named:
        words = {"name": comment.name, "title": article.title}
        title = _("Comment by %(name)s on “%(title)s”") % words
    else:
        # A place that is kept for the answers; whose words stood there is told no more.
        title = _("A comment under “%s”") % article.title
    url = article.get_absolute_url()
    page = for_page(
        title,
        site,
        language=article.language,
        canonical="" if private else url,
        robots="noindex" if private else "",
    )
    if not (named and posting):
        return page
    stem = absolute(page_address("comment", article))
    steps = ((article.title, url), (comment.name, comment.get_absolute_url()))
    told = structured.branch(absolute(url), article.title, posting, lambda pk: f"{stem}{pk}/")
    return replace(page, trail=trail(site, *steps), json_ld=told)


@never_cache
@require_GET
def me(request: HttpRequest) -> JsonResponse:
    """Who is logged in, for the page's own script; an empty object for everybody else."""
    user = request.user
    if user.is_anonymous or not user.is_active:
        return JsonResponse({})
    author = people.author_of(user)
    name = author.name if author else user.shown_name
    with translation.override(user.language or settings.LANGUAGE_CODE):
        return JsonResponse(
            {
                "name": name,
                "moderates": people.is_moderator(user) or author is not None,
                "moderate_url": reverse("admin:comments_comment_changelist"),
                "speaking": _("You respond as %(name)s.") % {"name": name},
                "moderate": _("Moderate comments"),
            }
        )
