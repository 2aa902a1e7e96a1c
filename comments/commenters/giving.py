"""What a person gets when they ask what is kept of them: the same parts as a file and as a page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from comments.models import Appeal, Commenter, ModerationEvent, Report
from comments.models.people import Pace, Trust
from comments.models.screening import Complaint, Outcome
from comments.screening import reasons

Values = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One part: its heading, and what is kept there of a person, in plain values."""

    heading: Any
    of: Callable[[Commenter], Values | list[Values]]


def moment(value: datetime.datetime | None) -> str | None:
    """A moment as it stands in the file."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def _person(commenter: Commenter) -> Values:
    return {
        "name": commenter.name,
        "email": commenter.email,
        "website": commenter.website,
        "language": commenter.language,
        "first_seen": moment(commenter.created_at),
        "address_confirmed": moment(commenter.confirmed_at),
        "trust": str(Trust(commenter.trust).label),
        "no_mail": commenter.muted,
        "address_refused": moment(commenter.bounced_at),
        "mail_pace": str(Pace(commenter.pace).label),
        "erasure_asked": moment(commenter.erase_asked_at),
    }


def _comments(commenter: Commenter) -> list[Values]:
    rows = commenter.comments.select_related("article", "lesson", "held_mail").prefetch_related(
        "edits"
    )
    return [
        {
            "article": comment.article.title,
            "url": f"{settings.SITE_URL}{comment.get_absolute_url()}",
            "in_reply_to": comment.parent_id,
            "id": comment.pk,
            "name": comment.name,
            "website": comment.website,
            "text": comment.source,
            "language": comment.language,
            "state": str(comment.get_state_display()),
            "reason": comment.reason,
            "came_by": str(comment.get_origin_display()),
            "foreign_id": comment.foreign_id,
            "written": moment(comment.created_at),
            "edited": moment(comment.edited_at),
            "changed_by_moderator": moment(comment.reworded_at),
            "featured": moment(comment.featured_at),
            "credited": moment(comment.credited_at),
            "valued": comment.reaction_count,
            "seconds_typing": comment.seconds,
            # The mark of the network address: it limits how much comes from there.
            "network_mark": comment.client and bytes(comment.client).hex(),
            "earlier_texts": [edit.source for edit in comment.edits.all()],
            # While it waits because it is not plain where the answer ends.
            "whole_mail": comment.held_mail.text if hasattr(comment, "held_mail") else "",
            **_lesson(comment),
        }
        for comment in rows.order_by("id")
    ]


def _lesson(comment: Any) -> Values:
    lesson = getattr(comment, "lesson", None)
    if lesson is None:
        return {}
    return {
        "spam_filter": {
            "learnt_as_spam": lesson.spam,
            "score": round(lesson.score, 3),
            "words": lesson.features,
        }
    }


def _followed(commenter: Commenter) -> list[Values]:
    return [
        {
            "article": one.article.title,
            "comment": one.comment_id,
            "how_often": one.pace,
            "since": moment(one.created_at),
        }
        for one in commenter.subscriptions.select_related("article").order_by("id")
    ]


def _log(commenter: Commenter) -> list[Values]:
    """What was decided about their comments, and why; not by which colleague."""
    events = ModerationEvent.objects.filter(comment__commenter=commenter)
    return [
        {
            "comment": event.comment_id,
            "decision": str(event.get_action_display()),
            "reason": event.reason,
            "because": [reasons.describe(one) for one in event.spoke_for_it],
            "when": moment(event.created_at),
        }
        # Who reports must not be told by the moment.
        for event in events.exclude(action="reported").order_by("id")
    ]


def _appeals(commenter: Commenter) -> list[Values]:
    return [
        {
            "comment": one.comment_id,
            "text": one.text,
            "outcome": str(Outcome(one.outcome).label),
            "answer": one.answer,
            "made": moment(one.created_at),
            "decided": moment(one.decided_at),
        }
        for one in Appeal.objects.filter(comment__commenter=commenter).order_by("id")
    ]


def _reports(commenter: Commenter) -> list[Values]:
    """Their own; an address is kept until their report is decided."""
    address = commenter.address
    found = Report.objects.filter(email__iexact=address) if address else Report.objects.none()
    return [
        {
            "comment": one.comment_id,
            "complaint": str(Complaint(one.complaint).label),
            "text": one.note,
            "email": one.email,
            "network_mark": one.client and bytes(one.client).hex(),
            "outcome": str(Outcome(one.outcome).label),
            "made": moment(one.created_at),
        }
        for one in found.order_by("id")
    ]


def _bans(commenter: Commenter) -> list[Values]:
    return [
        {
            "reason": one.reason,
            "until": moment(one.until),
            "made": moment(one.created_at),
        }
        for one in commenter.bans.order_by("id")
    ]


def _mails(commenter: Commenter) -> list[Values]:
    return [
        {
            "subject": mail.subject,
            "text": mail.body,
            "state": str(mail.get_state_display()),
            "error": mail.error,
            "made": moment(mail.created_at),
            "sent": moment(mail.sent_at),
        }
        for mail in commenter.deliveries.order_by("id")
    ]


PARTS: dict[str, Part] = {
    "person": Part(gettext_lazy("Who you are here"), _person),
    "comments": Part(gettext_lazy("Your comments"), _comments),
    "followed": Part(gettext_lazy("What you follow"), _followed),
    "log": Part(gettext_lazy("What was decided about your comments"), _log),
    "appeals": Part(gettext_lazy("Where you asked to look again"), _appeals),
    "reports": Part(gettext_lazy("What you reported"), _reports),
    "bans": Part(gettext_lazy("When you could not take part"), _bans),
    "mails": Part(gettext_lazy("Mails to you"), _mails),
}
"""The parts by their names in the file; other apps put theirs here."""

WORDS: dict[str, Any] = {
    "address_confirmed": gettext_lazy("address confirmed"),
    "address_refused": gettext_lazy("address refused"),
    "answer": gettext_lazy("answer"),
    "article": gettext_lazy("article"),
    "because": gettext_lazy("because of"),
    "came_by": gettext_lazy("origin"),
    "changed_by_moderator": gettext_lazy("changed by a moderator"),
    "comment": gettext_lazy("comment"),
    "complaint": gettext_lazy("complaint"),
    "consent": gettext_lazy("consent given"),
    "consent_given_at": gettext_lazy("consent given at"),
    "credited": gettext_lazy("credited"),
    "decided": gettext_lazy("decided"),
    "decision": gettext_lazy("decision"),
    "earlier_texts": gettext_lazy("earlier texts"),
    "edited": gettext_lazy("edited"),
    "email": gettext_lazy("e-mail address"),
    "ended": gettext_lazy("ended"),
    "erasure_asked": gettext_lazy("you asked to be erased"),
    "error": gettext_lazy("what went wrong"),
    "featured": gettext_lazy("featured"),
    "first_seen": gettext_lazy("first seen"),
    "foreign_id": gettext_lazy("number on the other site"),
    "how_often": gettext_lazy("how often"),
    "id": gettext_lazy("number"),
    "in_reply_to": gettext_lazy("in reply to"),
    "language": gettext_lazy("language"),
    "learnt_as_spam": gettext_lazy("learnt as spam"),
    "made": gettext_lazy("made"),
    "mail_pace": gettext_lazy("mail"),
    "mails": gettext_lazy("mails"),
    "name": gettext_lazy("name"),
    "network_mark": gettext_lazy("mark of the network address"),
    "no_mail": gettext_lazy("wants no mail"),
    "outcome": gettext_lazy("outcome"),
    "reason": gettext_lazy("reason"),
    "score": gettext_lazy("score"),
    "seconds_typing": gettext_lazy("seconds in the form"),
    "sent": gettext_lazy("sent"),
    "since": gettext_lazy("since"),
    "spam_filter": gettext_lazy("spam filter"),
    "state": gettext_lazy("state"),
    "subject": gettext_lazy("subject"),
    "subscriptions": gettext_lazy("subscriptions"),
    "text": gettext_lazy("text"),
    "to": pgettext_lazy("newsletter of", "what"),
    "trust": gettext_lazy("trust"),
    "until": gettext_lazy("until"),
    "url": gettext_lazy("address of the page"),
    "valued": gettext_lazy("readers who find it valuable"),
    "website": gettext_lazy("website"),
    "when": gettext_lazy("when"),
    "whole_mail": gettext_lazy("The whole mail that it came in"),
    "words": gettext_lazy("words"),
    "written": gettext_lazy("written"),
}
"""What the page calls the values of the file."""


def all_of(commenter: Commenter) -> Values:
    """All parts, in the person's language, in plain values for JSON."""
    with translation.override(commenter.language):
        return {
            "site": settings.SITE_URL,
            "made": moment(timezone.now()),
            **{name: part.of(commenter) for name, part in PARTS.items()},
        }


def as_page(commenter: Commenter) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """The same to read: (heading, entries), an entry is (word, value) pairs without what is empty.

    The person's language is switched on.
    """
    page = []
    for part in PARTS.values():
        kept = part.of(commenter)
        entries = [list(_lines(one)) for one in (kept if isinstance(kept, list) else [kept])]
        page.append((str(part.heading), [entry for entry in entries if entry]))
    return page


def _lines(values: Values) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if value in (None, "", [], {}):
            continue
        if isinstance(value, dict):
            yield from _lines(value)
        elif isinstance(value, list) and isinstance(value[0], dict):
            for one in value:
                yield str(WORDS[name]), ", ".join(text for _word, text in _lines(one))
        else:
            yield str(WORDS[name]), _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and len(value) == 25 and value[10:11] == "T":
        read = datetime.datetime.fromisoformat(value)
        return date_format(timezone.localtime(read), "j F Y, H:i")
    return str(value)
