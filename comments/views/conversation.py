"""Pages and endpoints of the conversation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from authors import access as people
from authors import staff_links
from blog.discovery.metadata import absolute, for_page, trail
from blog.models import Article
from blog.reading.selectors import find_article
from blog.site.redirects import leads_to
from blog.site.settings import site_settings
from comments import tokens
from comments.commenters import own_comments, status
from comments.forms import CommentForm, rule_message
from comments.models import Comment, State, page_address
from comments.posting import network_mark
from comments.posting.store import comment_post
from comments.thread import access, fragments, selectors, structured
from comments.thread.refusals import Refused
from comments.views import old_addresses
from comments.views.kept import kept_page, stored_query
from comments.views.oversized import given_back
from comments.views.own import unproven
from core.caching import share
from core.text import number_of


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _form_facts(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if user.is_anonymous or not user.is_active:
        facts: dict[str, Any] = {"client": network_mark.digest(request)}
        if settings.AKISMET_KEY:
            facts["address"] = network_mark.address(request)
            facts["agent"] = request.headers.get("User-Agent", "")[:300]
        return facts
    return {
        "user": user,
        "author": people.author_of(user),
        "moderator": people.is_moderator(user),
    }


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
    site = site_settings()
    data = request.POST if request.method == "POST" else None
    wanted = data.get("parent", "") if data is not None else request.GET.get("to", "")
    parent = access.answerable(article, wanted) if wanted else None
    if wanted and parent is None and data is None:
        raise Http404
    initial = {"parent": parent.pk if parent else "", "key": uuid.uuid4().hex}
    form = CommentForm(data, article=article, site=site, initial=initial, **_form_facts(request))
    closed = access.closed_reason(article, site)
    if data is None:
        return _page(request, article, form, parent, closed, 200)
    if closed:
        return _page(request, article, form, parent, closed, 403)
    gone = _(
        "The comment that you answer is not there any more. You can post your text as a "
        "comment of its own."
    )
    if wanted and parent is None:
        return _orphaned(request, article, form, gone)
    if not form.is_valid():
        return _page(request, article, form, parent, "", 422)
    if "preview" in request.POST:
        return _preview(request, article, form, parent)
    try:
        comment, is_new = comment_post(
            article=article,
            parent=parent,
            writer=form.writer(),
            source=form.cleaned_data["text"],
            site=site,
            key=form.cleaned_data["key"],
        )
    except Refused as refusal:
        if refusal.reason == "parent":
            return _orphaned(request, article, form, gone)
        if refusal.reason == "rate":
            often = _(
                "Many comments came from your network in the last hour. Your text is below: "
                "keep the page open and send it again later."
            )
            response = _page(request, article, form, parent, often, 429)
            response["Retry-After"] = str(refusal.wait)
            return response
        if refusal.reason == "name":
            form.add_error("name", refusal.message)
            return _page(request, article, form, parent, "", 422)
        if refusal.reason == "banned":
            return _page(request, article, form, parent, refusal.message, 403)
        if refusal.reason == "rule":
            return _page(request, article, form, parent, rule_message(refusal), 403)
        closed = access.closed_reason(article, site_settings()) or _(
            "The conversation under this article is closed."
        )
        return _page(request, article, form, parent, closed, 403)
    # A repeat is the writer's own only with her session, or a key that no other browser knows.
    if is_new or form.by_account or form.cleaned_data["key"]:
        return _posted(request, comment)
    return _repeated(request, article, comment)


def _preview(
    request: HttpRequest, article: Article, form: CommentForm, parent: Comment | None
) -> HttpResponse:
    """How the comment will look, with the form below it."""
    html = fragments.preview(form.cleaned_data["text"])
    if _wants_json(request):
        return JsonResponse({"html": html})
    return _page(request, article, form, parent, "", 200, preview=html)


def _orphaned(
    request: HttpRequest, article: Article, form: CommentForm, message: str
) -> HttpResponse:
    """409: the parent is gone; the same text in a form for a root comment."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["parent"] = ""
    form.data = data
    return _page(request, article, form, None, message, 409)


def _page(
    request: HttpRequest,
    article: Article,
    form: CommentForm,
    parent: Comment | None,
    message: str,
    status: int,
    preview: str = "",
) -> HttpResponse:
    """The writing page (or its JSON answer), with whatever was typed still in the form."""
    if _wants_json(request):
        answer: dict[str, Any] = {"message": message or _("Your comment is not posted yet.")}
        if status == 422:
            answer["errors"] = " ".join(
                str(word) for words in form.errors.values() for word in words
            )
            answer["html"] = render_to_string("comments/form.html", {"form": form}, request)
        return JsonResponse(answer, status=status)
    title = _("Reply to %s") % parent.name if parent else _("Write a comment")
    context = {
        "article": article,
        "form": form,
        "parent": parent,
        "parent_html": fragments.join([parent], article, start_depth=parent.depth)
        if parent
        else "",
        "message": message,
        "preview": preview,
        "page": for_page(title, site_settings(), language=article.language),
    }
    return render(request, "comments/reply_page.html", context, status=status)


def _posted(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Lead to the new comment; a waiting one is shown to who holds the signed address."""
    pending = comment.state != State.APPROVED
    own = tokens.make(tokens.Purpose.OWN, comment.pk)
    url = f"{comment.get_absolute_url()}?own={own}"
    if _wants_json(request):
        html = fragments.render(comment, waiting=pending)
        return JsonResponse(
            {
                "id": comment.pk,
                "parent": comment.parent_id,
                "state": State.PENDING if pending else State.APPROVED,
                "message": status.received(comment),
                "html": f"<li>{html}</li>",
                "url": url,
                "own": own,
            },
            status=201,
        )
    return HttpResponseRedirect(
        f"{comment.get_absolute_url()}{stored_query(request, f'?own={own}')}#comment-{comment.pk}",
        status=303,
    )


def _repeated(request: HttpRequest, article: Article, comment: Comment) -> HttpResponse:
    """Say that a comment with this name and these words is stored already, and no more.

    Whoever sends them may not be who wrote them: there is no right to it in the answer, nor
    whether and why it does not show.
    """
    message = _(
        "A comment with this name and text was posted before; it is not stored twice. It shows "
        "unless it waits for approval or was taken away."
    )
    url = comment.get_absolute_url() if comment.state == State.APPROVED else ""
    if _wants_json(request):
        return JsonResponse({"message": message, "url": url})
    if url:
        return HttpResponseRedirect(f"{url}#comment-{comment.pk}", status=303)
    page = for_page(
        _("Posted before"), site_settings(), language=article.language, robots="noindex"
    )
    context = {"article": article, "message": message, "page": page}
    return render(request, "comments/repeated.html", context)


@require_GET
def comment(
    request: HttpRequest, year: int, month: int, slug: str, comment_id: int
) -> HttpResponse:
    """A comment's own page: what it answers above it, what answers it below.

    A waiting comment shows to who brings its signed address, to nobody else.
    """
    article = find_article(year, month, slug, Article.objects.published())
    if article.comment_policy == "hidden":
        raise Http404
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
        return comment_page(request, article, found, own)


def _gone(request: HttpRequest, article: Article) -> HttpResponse:
    """410: the comment was taken away, and the conversation is still there."""
    page = for_page(
        _("This comment is gone"), site_settings(), language=article.language, robots="noindex"
    )
    context = {"article": article, "page": page}
    return render(request, "comments/gone.html", context, status=410)


def comment_page(
    request: HttpRequest, article: Article, comment: Comment, own: bool
) -> HttpResponse:
    """The page of `comment`, as its writer sees it when `own`, else as everybody does."""
    # Its writer sees her own words, whatever others see in their place.
    waiting = own and comment.state not in (State.APPROVED, State.DELETED)
    rows: list[fragments.Shown] = [*selectors.ancestors(comment, article)]
    later = None
    posting: Sequence[fragments.Shown] = []
    if waiting:
        fragments.show_waiting(comment, article)
        rows.append(comment)
    else:
        branch = selectors.branch(comment, article, start=number_of(request.GET.get("after", "")))
        rows += branch.rows
        posting = branch.rows if not own and "after" not in request.GET else []
        later = branch.later
    if own or comment.state == State.APPROVED:
        words = {"name": comment.name, "title": article.title}
        title = _("Comment by %(name)s on “%(title)s”") % words
    else:
        # A place that is kept for the answers; whose words stood there is told no more.
        title = _("A comment under “%s”") % article.title
        posting = []
    site, url = site_settings(), article.get_absolute_url()
    page = for_page(
        title,
        site,
        language=article.language,
        canonical="" if own else url,
        robots="noindex" if own else "",
    )
    if posting:
        stem = page_address("comment", article)

        def said_at(pk: int) -> str:
            return absolute(f"{stem}{pk}/")

        steps = ((article.title, url), (comment.name, comment.get_absolute_url()))
        told = structured.branch(absolute(url), article.title, posting, said_at)
        page = replace(page, trail=trail(site, *steps), json_ld=told)
    context = {
        "article": article,
        "comment": comment,
        "thread": fragments.join(rows, article),
        "waiting": waiting,
        "newer_url": f"{request.path}?after={later}" if later and not own else "",
        "own": request.GET.get("own", "") if own else "",
        "unproven": unproven(request, comment) if own else "",
        "editable_until": own_comments.editable_until(comment, site) if own else None,
        "state": comment.state,
        "status": status.status_of(comment) if own else None,
        "page": page,
    }
    response = render(request, "comments/permalink.html", context)
    if "own" in request.GET:
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response
    share(response, seconds=30)
    return response


@never_cache
@require_GET
def me(request: HttpRequest) -> JsonResponse:
    """Who is logged in, for the page's own script; an empty object for everybody else."""
    user = request.user
    if user.is_anonymous or not user.is_active:
        return JsonResponse({})
    author = people.author_of(user)
    return JsonResponse(
        {
            "name": author.name if author else user.shown_name,
            "moderates": people.is_moderator(user) or author is not None,
            "moderate_url": reverse("admin:comments_comment_changelist"),
        }
    )
