"""Archive format of the tables of the conversation (see `authors.exporting`)."""

from __future__ import annotations

from authors.exporting import web_address
from comments.commenters import own_comments
from comments.models import (
    Appeal,
    Ban,
    Comment,
    Commenter,
    Edit,
    FilterWord,
    HeldMail,
    Lesson,
    ModerationEvent,
    Reaction,
    ReadyReason,
    Report,
    Rule,
    Subscription,
    Visits,
)
from comments.models.log_signals import from_words
from comments.thread import markup, tree
from comments.thread.counters import recount
from core.archive import Row, Table, Unsound

# Traces of network addresses are dropped after some days; an archive is kept for longer.
_CLIENT = frozenset({"client"})


def _website(row: Row) -> None:
    web_address(row["website"])


def _comment(row: Row) -> None:
    _website(row)
    row["source"] = markup.clean_source(row["source"])
    # Comments that were imported may be longer than what is written here.
    row["html"] = str(markup.render(row["source"], bounded=False))
    # The thread's markup is made anew when it is first read.
    row["fragment"] = row["fragment_release"] = ""


def _event(row: Row) -> None:
    row["signals"] = [from_words(one, row["action"]) for one in row["signals"]]


def _places() -> None:
    """Raises Unsound when a comment's place is not the one below its parent."""
    rows = Comment.objects.order_by("pk").values_list(
        "pk", "path", "depth", "article_id", "parent__path", "parent__article_id"
    )
    for pk, path, depth, article, above, home in rows.iterator(2000):
        expected = tree.attach(bytes(above or b""), pk)
        if bytes(path) != expected or depth != tree.depth_of(path) or home not in (None, article):
            raise Unsound(f"comment {pk} is not where its parent is")


def finish() -> None:
    """Prove the threads, count, and forget whom this site was asked to forget."""
    _places()
    recount()
    own_comments.erasures_repeat()


TABLES = (
    Table(Commenter, settle=_website),
    Table(
        Comment,
        without=frozenset(
            {
                "html",
                "fragment",
                "fragment_release",
                "fragment_translations",
                # Of a form that may have been on its way.
                "posting_key",
                *_CLIENT,
            }
        ),
        settle=_comment,
    ),
    Table(Edit),
    Table(HeldMail),
    Table(Reaction, without=_CLIENT),
    Table(ModerationEvent, settle=_event),
    Table(Subscription),
    Table(Report, without=_CLIENT),
    Table(Appeal),
    Table(Ban),
    Table(Rule),
    Table(ReadyReason, replaces=True),
    Table(FilterWord),
    Table(Lesson),
    Table(Visits),
)
LEFT_OUT = {
    "comments.Claim": "it lapses within a minute",
    "comments.Delivery": "mail is sent by the site that made it",
}
