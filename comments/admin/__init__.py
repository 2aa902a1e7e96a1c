"""Admin pages of moderation: queue, people, bans, log, rules, spam filter, mails."""

from comments.admin import comments, log, mail, people, rules

__all__ = ["comments", "log", "mail", "people", "rules"]
