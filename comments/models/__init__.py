"""The conversation under articles: who speaks, what was said, what was decided about it."""

from comments.models.comment import Comment, Edit, Origin, Reaction, State, place
from comments.models.moderation import Action, ModerationEvent
from comments.models.people import Commenter, Delivery, DeliveryState, Trust, Visits

__all__ = [
    "Action",
    "Comment",
    "Commenter",
    "Delivery",
    "DeliveryState",
    "Edit",
    "ModerationEvent",
    "Origin",
    "Reaction",
    "State",
    "Trust",
    "Visits",
    "place",
]
