"""Personal data in the conversation's tables (see `authors.personal`)."""

from __future__ import annotations

from authors.personal import (
    Erasure,
    Free,
    Kept,
    Period,
    addressed_deleted,
    deleted,
    named_deleted,
    scrubbed,
    stays,
)
from blog.personal import MAIL, MAILS, OCCASION
from comments.commenters import forgetting, others_words

_COMMENT = Period("as long as the comment")
_CLIENT = Period(
    "as many days as the site's settings say for traces of network addresses",
    "comments.jobs.forget_clients",
    "client_days",
)
_DISPUTE = Period("a year after it was decided", "comments.jobs.forget_disputes")
_WITH_COMMENT = "emptied with her comment, but for ready-made reasons"


def _done_elsewhere(words: str) -> Erasure:
    """What `forgetting.empty` does with each comment of theirs."""
    return Erasure(words, lambda row, person: None, own=True)


KEPT = (
    Kept(
        "comments.Comment",
        ("name", "website", "source", "html", "fragment", "fragment_translations", "reason",
         "foreign_id", "posting_key"),
        (
            Erasure(
                "her comments become empty places; in others' comments what they quote of her "
                "becomes a note, her full name and address become “–”",
                others_words.others_settle,
            ),
            Erasure("", forgetting.comments_empty, own=True),
        ),
        Period("as long as the article; spam as many days as the site's settings say",
               "comments.jobs.forget_spam", "spam_days"),
        export="comments",
    ),
    Kept("comments.Comment", ("client",), (_done_elsewhere("emptied"),), _CLIENT,
         export="comments"),
    Kept("comments.Edit", ("source",), (_done_elsewhere("deleted with her comment"),), _COMMENT,
         export="comments"),
    Kept(
        "comments.HeldMail",
        ("text",),
        (
            Erasure("deleted with her comment, and where her comment is answered",
                    others_words.held_mails_settle),
            scrubbed(),
        ),
        Period("until it is decided about the comment that came in the mail"),
        export="comments",
    ),
    Kept("comments.Lesson", ("features",), (_done_elsewhere("unlearnt"), scrubbed()), _COMMENT,
         export="comments"),
    Kept(
        "comments.FilterWord",
        ("word",),
        (_done_elsewhere("what only her comments taught is deleted"), named_deleted()),
        Period("rare words as long as a comment holds them", "comments.jobs.forget_words"),
        withheld="counts over everybody's comments",
    ),
    Kept(
        "comments.Delivery",
        MAIL,
        (
            Erasure("mails to others that tell of her are emptied", others_words.mails_settle),
            scrubbed(),
            deleted("commenter"),
        ),
        Period(MAILS, "comments.jobs.forget_mails", "mail_days"),
        export="mails",
    ),
    Kept(
        "comments.ModerationEvent",
        ("reason", "signals", "before"),
        (
            Erasure("her full name and address become “–”", forgetting.events_settle),
            _done_elsewhere(_WITH_COMMENT),
        ),
        _COMMENT,
        export="log",
    ),
    Kept("comments.Appeal", ("text", "answer"), (_done_elsewhere("emptied"), scrubbed()), _DISPUTE,
         export="appeals"),
    Kept(
        "comments.Report",
        ("note",),
        (Erasure("emptied, of hers and about her", forgetting.reports_settle),),
        _DISPUTE,
        export="reports",
    ),
    Kept(
        "comments.Report",
        ("email",),
        (_done_elsewhere("emptied"),),
        Period("until it is decided, half a year at the most", "comments.jobs.forget_disputes"),
        export="reports",
    ),
    Kept("comments.Report", ("client",), (_done_elsewhere("emptied"),), _CLIENT, export="reports"),
    Kept(
        "comments.Ban",
        ("mark", "network"),
        (
            Erasure("a ban in force keeps a keyed hash of the address alone",
                    forgetting.bans_settle),
        ),
        Period("a year after it ended", "comments.jobs.forget_bans"),
        export="bans",
    ),
    Kept("comments.Ban", ("email", "reason"), (_done_elsewhere("emptied"), scrubbed()),
         Period("a year after it ended", "comments.jobs.forget_bans"), export="bans"),
    Kept("comments.Rule", ("pattern",), (addressed_deleted(),),
         Period("as long as the editors want"),
         withheld="the editors' rules, which name many"),
    Kept("comments.Rule", ("note",), (scrubbed(),), Period("as long as the editors want"),
         withheld="the editors' notes, which name colleagues"),
    Kept(
        "comments.Reaction",
        ("client", "reader"),
        (stays("nobody can tell whose it is: a number that one browser holds"),),
        _CLIENT,
        withheld="nobody can tell whose it is",
    ),
    Kept("comments.Visits", ("times",), (deleted("user"),), Period("as long as the account"),
         withheld="of an account; seconds, which the pages show"),
    Kept(
        "comments.Commenter",
        ("email", "name", "website"),
        (
            Erasure("deleted, as the last row", lambda row, person: None),
            Erasure("", forgetting.account_settle, own=True),
        ),
        Period("as long as anything is bound to it, 90 days at the least",
               "comments.jobs.forget_strangers"),
        export="person",
    ),
)  # fmt: skip
FREE = (
    Free(
        "comments.Comment",
        ("path", "fragment_release", "entry_id", "held_for"),
        "numbers of comments, a release, what feeds name it by, kinds of signals",
    ),
    Free("comments.Delivery", ("kind", "event"), OCCASION),
    Free("comments.ReadyReason", ("words",), "written for everybody"),
)
