"""What can come of a request to write a comment: a class for each outcome, and its answer.

Each answers as a page or, to a script that asks for JSON, with the same in a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from blog.discovery.metadata import for_page
from blog.site.settings import site_settings
from comments import tokens
from comments.commenters import status
from comments.forms import CommentForm
from comments.models import Comment, State, in_thread
from comments.posting.store import Receipt
from comments.thread import access, fragments
from comments.thread.refusals import Reason, Refused
from comments.views.kept import stored_query
from comments.views.section import section
from core.json_input import wants_json
from core.language import language_of


@dataclass(frozen=True)
class Asked:
    """The page to write on was asked for; also the form of every answer that stores nothing."""

    form: CommentForm
    message: str = ""
    # Finished markup of how the comment will look.
    preview: str = ""
    # Seconds after which it may be another matter.
    wait: int = 0
    status: ClassVar[int] = 200

    @property
    def language(self) -> str:
        """The language of what was typed."""
        return language_of(self.form["text"].value() or "", self.form.begun.article.language)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page with whatever was typed still in its form."""
        response = self._json(request) if wants_json(request) else self._page(request)
        if self.wait:
            response["Retry-After"] = str(self.wait)
        return response

    def _json(self, request: HttpRequest) -> JsonResponse:
        message = self.message or _("Your comment is not posted yet.")
        return JsonResponse({"message": message}, status=self.status)

    def _page(self, request: HttpRequest) -> HttpResponse:
        article, parent = self.form.begun.article, self.form.begun.parent
        title = _("Reply to %s") % parent.name if parent else _("Write a comment")
        site, rows = site_settings(), [parent] if parent else []
        depth = parent.depth if parent else 0
        context = {
            **section(article, site, rows, branch=parent, start_depth=depth),
            "form": self.form,
            "in_thread": in_thread(article, parent.pk) if parent else "",
            "comment": parent,
            "may_moderate": parent is not None and access.may_moderate(request.user, parent),
            "message": self.message,
            "preview": self.preview,
            "preview_language": self.language,
            "page": for_page(title, site, language=article.language),
        }
        return render(request, "comments/reply_page.html", context, status=self.status)


class Previewed(Asked):
    """How the comment will look, with the form below it."""

    def _json(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"html": self.preview, "language": self.language})


class Incomplete(Asked):
    """Something in the form can be mended; what, is said at its field."""

    status = 422

    def _json(self, request: HttpRequest) -> JsonResponse:
        errors = " ".join(str(word) for words in self.form.errors.values() for word in words)
        html = render_to_string("comments/form.html", {"form": self.form}, request)
        message = _("Your comment is not posted yet.")
        return JsonResponse({"message": message, "errors": errors, "html": html}, status=422)


class NotTaken(Asked):
    """The conversation is closed, the writer banned, or a rule refuses the text."""

    status = 403


class Orphaned(Asked):
    """The parent is gone; the same text comes back in a form for a comment of its own."""

    status = 409

    @classmethod
    def of(cls, form: CommentForm) -> Orphaned:
        """The outcome, with `form` turned to the article."""
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["parent"] = ""
        form.data, form.begun = data, replace(form.begun, parent=None)
        return cls(form, str(Reason.PARENT.label))


class TooOften(Asked):
    """As many comments as the limits take came in lately; later it may be taken."""

    status = 429


def refused(form: CommentForm, refusal: Refused) -> Asked:
    """The outcome of a refusal."""
    match refusal.reason:
        case Reason.PARENT:
            return Orphaned.of(form)
        case Reason.RATE:
            return TooOften(form, refusal.message, wait=refusal.wait)
        case Reason.NAME:
            form.add_error("name", refusal.message)
            return Incomplete(form)
        case _:
            return NotTaken(form, refusal.message)


@dataclass(frozen=True)
class Posted:
    """Everybody can read the comment now; also the form of every answer to its own writer."""

    comment: Comment

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Lead to the comment, by an address that shows it to its writer while it waits."""
        comment, url = self.comment, self.comment.get_absolute_url()
        own = tokens.make(tokens.Purpose.OWN, comment.pk)
        if not wants_json(request):
            query = stored_query(request, f"?own={own}")
            return HttpResponseRedirect(f"{url}{query}#comment-{comment.pk}", status=303)
        pending = comment.state != State.APPROVED
        note = status.received(comment, own)
        html = fragments.render(comment, waiting=pending, note=note if pending else None)
        answer: dict[str, Any] = {
            "id": comment.pk,
            "parent": comment.parent_id,
            "state": State.PENDING if pending else State.APPROVED,
            "message": " ".join(note.lines),
            "html": f"<li>{html}</li>",
            "url": f"{url}?own={own}#comment-{comment.pk}",
            "own": own,
        }
        return JsonResponse(answer, status=201)


class HeldForClick(Posted):
    """It shows once the button in the mail to its writer's address is pressed."""


class HeldForModerator(Posted):
    """It shows once a moderator approves of it, if one does."""


class PostedBefore(Posted):
    """The same form came from the same writer before: answered as it was then."""


class Repeated(Posted):
    """A comment with this name and text is stored already; who sends it may not be its writer.

    So there is no right to it in the answer, nor whether and why it does not show.
    """

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Say so, and no more."""
        comment, article = self.comment, self.comment.article
        message = _(
            "A comment with this name and text was posted before; it is not stored twice. It shows "
            "unless it waits for approval or was taken away."
        )
        url = comment.get_absolute_url() if comment.state == State.APPROVED else ""
        if wants_json(request):
            return JsonResponse({"message": message, "url": url})
        if url:
            return HttpResponseRedirect(f"{url}#comment-{comment.pk}", status=303)
        title = _("Posted before")
        page = for_page(title, site_settings(), language=article.language, robots="noindex")
        context = {"article": article, "message": message, "page": page}
        return render(request, "comments/repeated.html", context)


STORED: dict[Receipt, type[Posted]] = {
    Receipt.POSTED: Posted,
    Receipt.HELD_FOR_CLICK: HeldForClick,
    Receipt.HELD_FOR_MODERATOR: HeldForModerator,
}
Outcome = Asked | Posted
