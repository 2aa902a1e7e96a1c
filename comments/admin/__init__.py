"""The moderators' desk: the queue, people and bans, the log, rules, the spam filter, mails."""

from comments.admin import comments, log, mail, people, rules

__all__ = ["comments", "log", "mail", "people", "rules"]
