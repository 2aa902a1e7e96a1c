"""Exceptions for refused writes of the conversation."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from comments.models import Comment


class Reason(TextChoices):
    """Why a write is refused; the label is what its sender reads when nothing more exact is known.

    `words` in it are those that a rule found.
    """

    PARENT = (
        "parent",
        _(
            "The comment that you answer is not there any more. You can post your text as a "
            "comment of its own."
        ),
    )
    CLOSED = "closed", _("The conversation under this article is closed.")
    RATE = (
        "rate",
        _(
            "Many comments came from your network in the last hour. Your text is below: "
            "keep the page open and send it again later."
        ),
    )
    RULE = (
        "rule",
        _(
            "Comments with “%(words)s” are not taken here. Your text is below: change it and send "
            "it again."
        ),
    )
    BANNED = "banned", _("You cannot take part in the conversations here.")
    NAME = (
        "name",
        _(
            "This name is, or looks like, that of an author, of this site or of those who run it. "
            "Choose another."
        ),
    )
    EMPTY = "empty", _("Your comment is empty: write something first.")
    GONE = "gone", _("This comment is not there any more.")
    LATE = "late", _("The time in which this comment could be changed is over.")
    HELD = (
        "held",
        _(
            "With this change the editors would have to read your comment first. Write it as a "
            "new comment, or change it so that it has fewer links and no advertising."
        ),
    )
    UNPROVEN = (
        "unproven",
        _(
            "This comment was confirmed from its e-mail address, and not in this browser. Ask for "
            "the link to “My comments”; with it you can do this."
        ),
    )
    CHANGED = (
        "changed",
        _(
            "The comment was changed after you opened this page, so nothing is confirmed yet. "
            "This is how it reads now."
        ),
    )
    APPEAL = "appeal", _("You asked once already, or there is nothing to look at again.")


class Refused(Exception):
    """A write that cannot be taken; `message` tells its sender why, in the language switched on.

    After `wait` seconds it may be another matter.
    """

    def __init__(
        self, reason: Reason, message: str = "", *, words: str = "", wait: int = 0
    ) -> None:
        super().__init__(reason.value)
        self.reason, self.words, self.wait = reason, words, wait
        self.message = message or str(reason.label) % {"words": words}


class StateConflict(Exception):
    """Somebody decided about the comment in the meantime; `comment` is as it is now."""

    def __init__(self, comment: Comment) -> None:
        super().__init__(comment.state)
        self.comment = comment
