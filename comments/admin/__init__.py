"""The moderators' desk: comments to decide about, rules, and the spam filter."""

from comments.admin import comments, rules

__all__ = ["comments", "rules"]
