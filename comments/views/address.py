"""The page of a comment that waits for its writer's click: send the mail again, or elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.commenters import reconfirming, status
from comments.forms import AnotherAddressForm
from comments.models import Comment
from comments.posting import network_mark
from comments.thread import fragments
from comments.thread.refusals import Reason, Refused
from comments.views.own import own_comment, private, show


@private
@require_http_methods(["GET", "HEAD", "POST"])
def address(
    request: HttpRequest, year: int, month: int, slug: str, comment_id: int
) -> HttpResponse:
    """Has the mail that confirms the writer's own comment sent again, or to another address.

    The same answer for every address. 422 for what is none, 429 with Retry-After for what was
    asked too often, 403 for who is banned. Leads to the comment when nothing is to be confirmed.
    """
    article, comment = own_comment(request, year, month, slug, comment_id)
    token = request.POST.get("own") or request.GET.get("own", "")
    back = f"{comment.get_absolute_url()}?own={token}#comment-{comment.pk}"
    with translation.override(article.language):
        if not reconfirming.is_possible(comment):
            return HttpResponseRedirect(back, status=303)
        data = request.POST if request.POST.get("send") else None
        form = AnotherAddressForm(data, initial={"own": token})
        message, code, wait, sent = "", 200, 0, False
        if form.is_bound and not form.is_valid():
            code = 422
        elif request.method == "POST":
            try:
                comment = _send(request, comment, form.cleaned_data["email"] if data else "")
                sent, form = True, AnotherAddressForm(initial={"own": token})
            except Refused as refusal:
                message, wait = refusal.message, refusal.wait
                code = 429 if refusal.reason == Reason.RATE else 403
        response = show(
            request,
            "address",
            _("Confirm your comment"),
            code,
            comment=comment,
            text=fragments.body(comment),
            to=status.masked(comment),
            form=form,
            token=token,
            back=back,
            sent=sent,
            message=message,
        )
        if wait:
            response["Retry-After"] = str(wait)
        return response


def _send(request: HttpRequest, comment: Comment, email: str) -> Comment:
    client = network_mark.digest(request)
    reconfirming.confirmation_resend(comment=comment, email=email, client=client)
    return Comment.objects.select_related("article", "parent", "commenter").get(pk=comment.pk)
