"""Moderator decisions, refused when a colleague decided first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors.models import User
from comments.models import Appeal, Comment, ModerationEvent, State
from comments.moderation import claims, marks, queue, reports, rewording, states
from comments.screening import bans
from comments.thread import refusals
from comments.thread.counters import lock_thread


class Decision(models.TextChoices):
    """What a moderator does with a comment; named as it is told afterwards."""

    APPROVE = "approve", gettext_lazy("Approved")
    REFUSE = "refuse", gettext_lazy("Refused")
    SPAM = "spam", gettext_lazy("Marked as spam")
    REMOVE = "remove", gettext_lazy("Removed")
    REWORD = "reword", gettext_lazy("Text changed")
    BAN = "ban", gettext_lazy("Banned")
    DISMISS = "dismiss", gettext_lazy("Reports found wrong")
    UPHOLD = "uphold", gettext_lazy("Appeal found right")
    STAND = "stand", gettext_lazy("Appeal found wrong")
    FEATURE = "feature", gettext_lazy("Featured")
    UNFEATURE = "unfeature", gettext_lazy("No longer featured")
    CREDIT = "credit", gettext_lazy("Credited in the article")
    ANSWER = "answer", gettext_lazy("Answered")
    UNCREDIT = "uncredit", gettext_lazy("No longer credited")


class BanTarget(models.TextChoices):
    """Whom a ban is for."""

    PERSON = "person", gettext_lazy("this person")
    PATTERN = "pattern", gettext_lazy("e-mail addresses like")
    NETWORK = "network", gettext_lazy("this network")


class Duration(models.TextChoices):
    """How long a ban lasts."""

    DAY = "1", gettext_lazy("a day")
    WEEK = "7", gettext_lazy("a week")
    MONTH = "30", gettext_lazy("a month")
    GOOD = "0", gettext_lazy("for good")

    def end(self) -> datetime.datetime | None:
        """When it is over, counted from now."""
        return timezone.now() + datetime.timedelta(days=int(self)) if int(self) else None


@dataclass(frozen=True)
class BanTerms:
    """Whom to ban and for how long."""

    target: BanTarget
    duration: Duration
    pattern: str = ""


class Gone(Exception):
    """The comment was deleted for good in the meantime."""


class Late(Exception):
    """Something happened to the comment since the moderator saw it; says what, by whom, when."""


class Claimed(Late):
    """A colleague looks at the comment; `holder` is who."""

    def __init__(self, holder: User) -> None:
        super().__init__(_("%s is looking at this comment.") % name_of(holder))
        self.holder = holder


@transaction.atomic
def decision_make(
    *,
    comment: Comment,
    actor: User,
    decision: Decision,
    seen: int | None = None,
    reason: str = "",
    text: str = "",
    ban: BanTerms | None = None,
    over: int | None = None,
) -> ModerationEvent:
    """Carry out `decision` by the comment's service; `actor` may moderate it.

    `seen` is the version that the decision is about (`queue.version`), None for whichever; `over`
    the number of the colleague whose claim `actor` was told of and passes over. Raises
    `Late` when something happened since or its words were erased, `Claimed`, `Gone`, and
    `ValueError` for a ban that names nobody. Locks the comments above it, then the article.
    """
    try:
        row = lock_thread(comment)
    except KeyError as error:
        raise Gone from error
    if not row.source:
        raise Late(_("The writer had it erased."))
    if seen is not None and queue.version(row.events.all()) != seen:
        raise Late(what_happened(row))
    holder = claims.holder_of(row, but=actor)
    if holder is not None and holder.pk != over:
        raise Claimed(holder)
    try:
        event = _carry_out(row, actor, decision, reason, text, ban)
    except refusals.StateConflict as conflict:
        raise Late(what_happened(row)) from conflict
    claims.end(comment=row)
    return event


def _carry_out(
    row: Comment, actor: User, decision: Decision, reason: str, text: str, ban: BanTerms | None
) -> ModerationEvent:
    match decision:
        case Decision.APPROVE | Decision.ANSWER:
            return states.comment_approve(comment=row, actor=actor)
        case Decision.REFUSE:
            return states.comment_reject(comment=row, actor=actor, reason=reason)
        case Decision.SPAM:
            return states.comment_spam(comment=row, actor=actor)
        case Decision.REMOVE:
            return states.comment_remove(comment=row, actor=actor, reason=reason)
        case Decision.REWORD:
            return rewording.comment_reword(comment=row, actor=actor, source=text, reason=reason)
        case Decision.BAN:
            return _ban(row, actor, reason, ban)
        case Decision.DISMISS:
            return reports.report_dismiss(comment=row, actor=actor)
        case Decision.UPHOLD | Decision.STAND:
            appeal = Appeal.objects.filter(comment=row).first()
            if appeal is None:
                raise refusals.StateConflict(row)
            upheld = decision == Decision.UPHOLD
            return reports.appeal_decide(appeal=appeal, actor=actor, upheld=upheld, answer=reason)
        case Decision.FEATURE | Decision.UNFEATURE:
            featured = decision == Decision.FEATURE
            return marks.comment_feature(comment=row, actor=actor, featured=featured)
        case Decision.CREDIT | Decision.UNCREDIT:
            credited = decision == Decision.CREDIT
            return marks.comment_credit(comment=row, actor=actor, credited=credited)


def _ban(row: Comment, actor: User, reason: str, ban: BanTerms | None) -> ModerationEvent:
    if ban is None:
        raise ValueError("nobody to ban")
    network = bytes(row.client)[:8] if row.client else None
    bans.ban_add(
        actor=actor,
        reason=reason,
        until=ban.duration.end(),
        commenter=row.commenter if ban.target == BanTarget.PERSON else None,
        email=ban.pattern if ban.target == BanTarget.PATTERN else "",
        network=network if ban.target == BanTarget.NETWORK else None,
        comment=row,
    )
    return ModerationEvent.objects.filter(comment=row).latest("pk")


def told_late(late: Late) -> str:
    """Why a decision was not carried out, and what to do."""
    if isinstance(late, Claimed):
        return _("%s Decide once more if you want to all the same.") % late
    return _("Somebody was before you. %s") % late


def over_of(late: Late) -> int:
    """The number of the colleague whose claim the next press passes over; 0 for none."""
    return late.holder.pk if isinstance(late, Claimed) else 0


def what_happened(comment: Comment) -> str:
    """What was last done with the comment, by whom and when: a sentence for a moderator."""
    last = comment.events.exclude(action__in=("reported",)).select_related("actor").first()
    if last is None:
        return _("It is: %s.") % comment.get_state_display()
    return event_sentence(last)


def event_sentence(event: ModerationEvent) -> str:
    """What was done, by whom, when and why: a sentence for a moderator."""
    said = _("%(what)s by %(who)s, %(when)s.") % {
        "what": event.get_action_display(),
        "who": name_of(event.actor),
        "when": date_format(timezone.localtime(event.created_at), "j F, H:i"),
    }
    said = said[:1].upper() + said[1:]
    reason = _("Reason: %(reason)s") % {"reason": event.reason}
    return f"{said} {reason}" if event.reason else said


def name_of(user: User | None) -> str:
    """How a colleague is called in the log; without an account it was the site itself."""
    if user is None:
        return _("the site")
    return user.shown_name


OFFERED: dict[str, tuple[Decision, ...]] = {
    State.PENDING: (Decision.APPROVE, Decision.REFUSE, Decision.SPAM),
    State.APPROVED: (Decision.SPAM, Decision.REMOVE),
    State.REJECTED: (Decision.APPROVE, Decision.SPAM),
    State.SPAM: (Decision.APPROVE, Decision.REFUSE),
    State.REMOVED: (Decision.APPROVE,),
}
"""The decisions that make sense for a comment in each state."""
