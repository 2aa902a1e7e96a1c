"""Services for reports by readers and appeals by writers."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from authors.models import User
from blog.models import Article, SiteSettings
from comments.models import (
    Action,
    Appeal,
    Comment,
    Complaint,
    ModerationEvent,
    Outcome,
    Report,
    Signal,
    SignalKind,
    State,
)
from comments.moderation import reporters, states
from comments.notifications import notices
from comments.screening import bans
from comments.thread.counters import lock_thread
from comments.thread.refusals import Reason, Refused, StateConflict
from core.addresses import folded

APPEALABLE = (State.REJECTED, State.SPAM, State.REMOVED)


@transaction.atomic
def report_make(
    *,
    comment: Comment,
    complaint: Complaint,
    note: str,
    email: str,
    language: str,
    client: bytes,
    site: SiteSettings,
) -> bool:
    """Store a reader's report; gives whether it is the first of this client on this comment.

    When the open reports weigh as much as the site's threshold (`reporters.Record`), they hold the
    comment until somebody looks. Locks the comments above it, then the article. Raises `Refused`:
    GONE for a comment that is not shown by now, BANNED.
    """
    ban = bans.ban_for(email=email, client=client)
    if ban is not None:
        raise Refused(Reason.BANNED, bans.message(ban, known=False))
    try:
        row = lock_thread(comment)
    except KeyError as error:
        raise Refused(Reason.GONE) from error
    if row.state != State.APPROVED:
        raise Refused(Reason.GONE)
    if Report.objects.filter(comment=row, client=client).exists():
        return False
    Report.objects.create(
        comment=row,
        complaint=complaint,
        note=note[:500],
        email=folded(email),
        language=language,
        client=client,
    )
    told = [Signal(SignalKind.COMPLAINT, complaint.value).stored()]
    ModerationEvent.objects.create(comment=row, action=Action.REPORTED, signals=told)
    weight = reporters.weigh(row)
    if site.report_threshold and weight >= site.report_threshold:
        count = Report.objects.filter(comment=row, outcome=Outcome.OPEN).count()
        states.decide(
            row,
            None,
            State.PENDING,
            Action.HELD,
            "",
            (State.APPROVED,),
            held_by=(Signal(SignalKind.REPORTS, str(count)),),
        )
    return True


@transaction.atomic
def report_dismiss(*, comment: Comment, actor: User) -> ModerationEvent:
    """Find the open reports on a comment wrong; it stays. Raises `StateConflict` without any."""
    row = lock_thread(comment)
    numbers = states.reports_close(row, Outcome.DISMISSED)
    if not numbers:
        raise StateConflict(row)
    return ModerationEvent.objects.create(
        comment=row, actor=actor, action=Action.DISMISSED, before={"reports": numbers}
    )


def conversation_ends(sender: Any, *, instance: Article, **_more: Any) -> None:
    """End the reports on comments that go with an article; receives Django's `pre_delete`."""
    open_ones = Report.objects.filter(outcome=Outcome.OPEN, comment__article=instance)
    for comment in Comment.objects.filter(pk__in=open_ones.values("comment")).order_by("pk"):
        comment.article = instance
        states.reports_close(comment, Outcome.GONE, with_page=False)


@transaction.atomic
def appeal_make(*, comment: Comment, text: str) -> Appeal:
    """Store the writer's word against a decision. Raises `Refused` (APPEAL) when there was one,
    or there is nothing to appeal against.
    """
    row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if row.state not in APPEALABLE or Appeal.objects.filter(comment=row).exists():
        raise Refused(Reason.APPEAL)
    ModerationEvent.objects.create(comment=row, action=Action.APPEALED, reason=text[:300])
    return Appeal.objects.create(comment=row, text=text[:1000])


@transaction.atomic
def appeal_decide(*, appeal: Appeal, actor: User, upheld: bool, answer: str) -> ModerationEvent:
    """Show the comment after all, or stay with the decision; the writer hears it.

    Raises `StateConflict` when somebody decided in the meantime.
    """
    comment = Comment.objects.select_related("article").get(pk=appeal.comment_id)
    row = lock_thread(comment)
    still = Appeal.objects.filter(pk=appeal.pk, outcome=Outcome.OPEN)
    if not still.update(answer=answer[:300]):
        raise StateConflict(row)
    if upheld:
        return states.comment_approve(comment=comment, actor=actor)
    still.update(outcome=Outcome.DISMISSED, decided_at=timezone.now())
    event = ModerationEvent.objects.create(
        comment=row,
        actor=actor,
        action=Action.DISMISSED,
        reason=answer[:300],
        before={"appeal": appeal.pk},
    )
    notices.tell_decided(comment, event)
    return event
