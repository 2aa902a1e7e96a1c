"""The moderators' desk: comments to decide about, rules, the spam filter, and the log of mails."""

from comments.admin import comments, mail, rules

__all__ = ["comments", "mail", "rules"]
