"""The conversation under articles: who speaks, what was said, what was decided about it."""

from comments.models.comment import (
    Comment,
    Edit,
    Origin,
    Reaction,
    State,
    around_number,
    below_article,
    in_thread,
    page_address,
)
from comments.models.log_signals import Signal, SignalKind
from comments.models.mailing import Delivery, HeldMail, MailKind, Subscription
from comments.models.moderation import Action, Claim, ModerationEvent, ReadyReason
from comments.models.people import Commenter, Pace, Trust, Visits
from comments.models.screening import (
    Appeal,
    Ban,
    Complaint,
    Effect,
    FilterWord,
    Lesson,
    Match,
    Outcome,
    Report,
    Rule,
    Target,
)
from core.outbox import DeliveryState

__all__ = [
    "Action",
    "Appeal",
    "Ban",
    "Claim",
    "Comment",
    "Commenter",
    "Complaint",
    "Delivery",
    "DeliveryState",
    "Edit",
    "Effect",
    "FilterWord",
    "HeldMail",
    "Lesson",
    "MailKind",
    "Match",
    "ModerationEvent",
    "Origin",
    "Outcome",
    "Pace",
    "Reaction",
    "ReadyReason",
    "Report",
    "Rule",
    "Signal",
    "SignalKind",
    "State",
    "Subscription",
    "Target",
    "Trust",
    "Visits",
    "around_number",
    "below_article",
    "in_thread",
    "page_address",
]
