"""Following a conversation: by mail at once or daily, or by its feed; without commenting."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authors import staff_links
from authors.models import User
from blog.models import Article
from blog.reading.selectors import find_article
from comments import tokens
from comments.commenters import own_comments
from comments.forms import FollowForm
from comments.models import Comment, Commenter, Pace, Subscription, page_address
from comments.notifications import following
from comments.thread import access
from comments.views.own import private, show, stop_address


@private
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    """The ways to follow the conversation, or with `?to=` the answers to one comment.

    An account with an address follows at once, as does a browser in which the address was
    confirmed. Anybody else is mailed a link, and the answer is the same for every address.
    """
    article = find_article(year, month, slug, Article.objects.published())
    if article.comment_policy == "hidden":
        raise Http404
    comment = access.answerable(article, request.GET.get("to", ""))
    with translation.override(article.language):
        user = request.user
        if not user.is_anonymous and user.is_active and user.email:
            return _by_account(request, user, article, comment)
        form = FollowForm(request.POST if request.method == "POST" else None, by_account=False)
        if not form.is_bound or not form.is_valid():
            return _asked(request, article, comment, form)
        email, pace = form.cleaned_data["email"], form.cleaned_data["pace"]
        place: dict[str, Any] = {"article": access.home(article), "comment": comment}
        if person := access.reader_of(email, form.cleaned_data["proof"]):
            found = following.follow(commenter=person, pace=pace, **place)
            return _followed(request, article, found)
        following.follow_request(email=email, language=article.language, pace=pace, **place)
        title = _("Follow the conversation")
        return show(request, "follow", title, sent=True, article=article, comment=comment)


def _by_account(
    request: HttpRequest, user: User, article: Article, comment: Comment | None
) -> HttpResponse:
    place: dict[str, Any] = {"article": access.home(article), "comment": comment}
    if request.method == "POST":
        form = FollowForm(request.POST, by_account=True)
        if not form.is_valid():
            return _asked(request, article, comment, form)
        person = following.person_of(user)
        following.follow(commenter=person, pace=form.cleaned_data["pace"], **place)
        return HttpResponseRedirect(request.get_full_path(), status=303)
    known: Commenter | None = getattr(user, "commenter", None)
    found = following.followed(commenter=known, **place) if known is not None else None
    if found is not None:
        return _followed(request, article, found)
    return _asked(request, article, comment, FollowForm(by_account=True), address=user.email)


def _asked(
    request: HttpRequest,
    article: Article,
    comment: Comment | None,
    form: FollowForm,
    *,
    address: str = "",
) -> HttpResponse:
    return show(
        request,
        "follow",
        _("Follow the conversation"),
        422 if form.is_bound else 200,
        form=form,
        address=address,
        article=article,
        comment=comment,
        feed_url=page_address("article_feed", article),
    )


def _followed(request: HttpRequest, article: Article, found: Subscription) -> HttpResponse:
    """What the person follows and how often mail comes, with the way to change and to end it."""
    person = found.commenter
    return show(
        request,
        "follow_confirm",
        _("You follow the conversation"),
        done=True,
        article=article,
        comment=found.comment,
        daily=Pace.DAILY in (found.pace, person.pace),
        followed=found,
        stop_url=stop_address(found),
        follow_url=page_address("follow", article),
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; pressing it makes the address follow the conversation."""
    person, article, comment, pace = _mailed(token)
    staff_links.check(request, person.user_id)
    with translation.override(person.language):
        if request.method == "POST":
            own_comments.address_confirm(commenter=person)
            found = following.follow(commenter=person, article=article, comment=comment, pace=pace)
            return _followed(request, article, found)
        return show(
            request,
            "follow_confirm",
            _("Follow the conversation"),
            done=False,
            article=article,
            comment=comment,
            daily=Pace.DAILY in (pace, person.pace),
        )


def _mailed(token: str) -> tuple[Commenter, Article, Comment | None, Pace | None]:
    """Who follows what, and how often, as a mailed link says. Raises Http404."""
    found = tokens.read(tokens.Purpose.FOLLOW, token)
    # Links of 0.1.0 do not say how often.
    if not isinstance(found, list) or len(found) not in (4, 5):
        raise Http404
    number, address, article_id, comment_id, *pace = found
    person = access.person_named(number, address)
    article = Article.objects.published().filter(pk=article_id).first()
    comment = Comment.objects.filter(pk=comment_id, article=article_id).first()
    if person is None or article is None or (comment_id and comment is None):
        raise Http404
    return person, article, comment, Pace(pace[0]) if pace else None
