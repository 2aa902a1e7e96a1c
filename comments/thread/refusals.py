"""Exceptions for refused writes of the conversation."""

from __future__ import annotations

from comments.models import (
    Comment,
)


class Refused(Exception):
    """A post that cannot be taken; `reason` is a short word, `message` is for the writer.

    After `wait` seconds it may be another matter.
    """

    def __init__(self, reason: str, message: str = "", *, wait: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.wait = wait


class StateConflict(Exception):
    """Somebody decided about the comment in the meantime; `comment` is as it is now."""

    def __init__(self, comment: Comment) -> None:
        super().__init__(comment.state)
        self.comment = comment
