"""What a moderator sent, carried out: one decision with what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authors import access
from authors.models import User
from blog.site.settings import site_settings
from comments.models import Ban, Comment, ModerationEvent, State
from comments.moderation import clearing
from comments.moderation.decisions import Decision, decision_make
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.views.decision_form import DecisionForm


@dataclass(frozen=True)
class Done:
    """The decisions that were made, the comments that they are about, and a sentence about them."""

    events: list[ModerationEvent]
    touched: list[int]
    told: str


def carry_out(form: DecisionForm, comment: Comment, user: User) -> Done:
    """Do what a valid form says of `comment`; `user` may moderate it.

    Raises `Late`, `Claimed`, `Gone`, and `Refused` for an answer that the conversation takes no
    more.
    """
    decision = Decision(form.cleaned_data["decision"])
    told = _("%(what)s: %(name)s.") % {"what": decision.label, "name": comment.name}
    if decision == Decision.ANSWER:
        return Done(_answer(form, comment, user), [comment.pk], told)
    event = decision_make(comment=comment, actor=user, **form.arguments())
    events, touched = [event], [comment.pk]
    clear = form.cleaned_data["clear"]
    if decision == Decision.BAN and clear:
        ban = Ban.objects.get(pk=event.before["ban"])
        cleared = clearing.waiting_clear(ban=ban, actor=user, decision=Decision(clear))
        events += cleared
        touched += [one.comment_id for one in cleared if one.comment_id not in (None, comment.pk)]
        number = ngettext(
            "%(count)d comment that waited: %(what)s.",
            "%(count)d comments that waited: %(what)s.",
            len(cleared),
        )
        told = f"{told} {number % {'count': len(cleared), 'what': Decision(clear).label}}"
    return Done(events, touched, told)


@transaction.atomic
def _answer(form: DecisionForm, comment: Comment, user: User) -> list[ModerationEvent]:
    """Approve a comment that waits, and answer it under the account of the moderator."""
    events = []
    if comment.state != State.APPROVED:
        events.append(decision_make(comment=comment, actor=user, **form.arguments()))
    author = access.author_of(user)
    answer = Submission(
        article=comment.article,
        parent=comment,
        text=form.cleaned_data["text"],
        name=author.name if author else user.shown_name,
        user=user,
        author=author,
        moderator=access.is_moderator(user),
    )
    comment_post(submission=answer, site=site_settings())
    return events
