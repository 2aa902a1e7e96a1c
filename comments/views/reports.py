"""A reader reports a comment; a writer appeals against a decision. Both need no account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from blog.models import Article
from blog.reading.selectors import find_article
from blog.site.settings import site_settings
from comments.commenters import own_comments
from comments.forms import AppealForm, ReportForm
from comments.models import Appeal, Comment, Complaint
from comments.moderation import reports
from comments.posting import network_mark
from comments.thread import access, fragments
from comments.thread.refusals import Reason, Refused
from comments.views.kept import stored_key, stored_query, text_kept
from comments.views.oversized import given_back
from comments.views.own import own_comment, private, show, surely_hers, unproven


@private
@require_http_methods(["GET", "HEAD", "POST"])
@given_back
@text_kept
def report(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """The form to report a comment: 422 for what can be mended, 403 and 409 with the text kept.

    404 when the comment is not shown (any more), unless it is being reported just then; then its
    writer is not named either.
    """
    article = find_article(year, month, slug, Article.objects.published())
    comment = (
        Comment.objects.select_related("article", "parent")
        .filter(article=access.home_id(article), pk=comment_id)
        .first()
    )
    visible = comment is not None and Comment.objects.public().filter(pk=comment.pk).exists()
    if comment is None or not (visible or request.method == "POST"):
        raise Http404
    with translation.override(article.language):
        data = request.POST if request.method == "POST" else None
        form = ReportForm(data, number=comment.pk)
        done, message, status = "", "", 200
        if form.is_bound and not form.is_valid():
            status = 422
        elif form.is_bound:
            try:
                done = _make(request, comment, form, article.language)
            except Refused as refusal:
                message, status = _refusal(refusal)
        return show(
            request,
            "report",
            _("Report the comment of %s") % comment.name if visible else _("Report a comment"),
            status,
            article=comment.article,
            comment=comment,
            may_moderate=access.may_moderate(request.user, comment),
            shown=fragments.join([comment], article, start_depth=comment.depth) if visible else "",
            form=form,
            done=done,
            stored=stored_key(request) if done else "",
            message=message,
        )


def _make(request: HttpRequest, comment: Comment, form: ReportForm, language: str) -> str:
    is_new = reports.report_make(
        comment=comment,
        complaint=Complaint(form.cleaned_data["complaint"]),
        note=form.cleaned_data["note"],
        email=form.cleaned_data["email"],
        language=language,
        client=network_mark.digest(request),
        site=site_settings(),
    )
    if is_new:
        return _("Thank you. The editors look at it.")
    return _("This comment was reported from your network before. The editors look at it.")


def _refusal(refusal: Refused) -> tuple[str, int]:
    if refusal.reason == Reason.BANNED:
        return refusal.message, 403
    return _("This comment is not shown any more."), 409


@private
@require_http_methods(["GET", "HEAD", "POST"])
@given_back
@text_kept
def appeal(request: HttpRequest, year: int, month: int, slug: str, comment_id: int) -> HttpResponse:
    """The writer's one appeal; leads back to the status page (303), 403 when there is none left."""
    article, comment = own_comment(request, year, month, slug, comment_id)
    token = request.POST.get("own") or request.GET.get("own", "")
    with translation.override(article.language):
        data = request.POST if request.method == "POST" else None
        form = AppealForm(data, initial={"own": token}, number=comment.pk)
        message, status = "", 200
        if form.is_bound and not form.is_valid():
            status = 422
        elif form.is_bound:
            try:
                own_comments.appeal(
                    comment=comment,
                    text=form.cleaned_data["text"],
                    surely=surely_hers(request, comment),
                )
            except Refused as refusal:
                message, status = refusal.message, 403
            else:
                query = stored_query(request, f"?own={token}")
                return HttpResponseRedirect(f"{comment.get_absolute_url()}{query}", status=303)
        may = (
            comment.state in reports.APPEALABLE
            and not Appeal.objects.filter(comment=comment).exists()
        )
        if not may:
            message, status = str(Reason.APPEAL.label), 403
        return show(
            request,
            "appeal",
            _("Ask to look again"),
            status,
            article=comment.article,
            comment=comment,
            form=form,
            may=may,
            message=message,
            unproven="" if form.is_bound or message else unproven(request, comment),
        )
