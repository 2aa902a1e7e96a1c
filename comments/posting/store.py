"""How a comment comes in: judged first, then stored within a short run of locks.

What needs no lock (screening, markup, the fragment) is done before the first is taken, since all
who write in one conversation wait for each other's.
"""

from __future__ import annotations

import copy
import enum
from dataclasses import replace

from django.db import IntegrityError, connection, transaction

from authors import limits
from blog.models import Article, Hold, SiteSettings
from blog.publishing import conversation_lock
from comments.models import (
    Action,
    Comment,
    Commenter,
    HeldMail,
    ModerationEvent,
    Signal,
    SignalKind,
    State,
    Trust,
    log_signals,
)
from comments.notifications import confirming, following
from comments.posting.submission import Submission
from comments.screening import bans, screen
from comments.screening.reasons import CONFIRMABLE
from comments.thread import access, counters, fragments, markup, tree
from comments.thread.refusals import Reason, Refused
from core.addresses import folded, mailbox
from core.language import language_of


class Receipt(enum.Enum):
    """What became of a submission that was taken."""

    POSTED = enum.auto()
    HELD_FOR_CLICK = enum.auto()
    HELD_FOR_MODERATOR = enum.auto()
    REPEATED = enum.auto()
    """The same form came before; nothing is stored."""


def comment_post(*, submission: Submission, site: SiteSettings) -> tuple[Comment, Receipt]:
    """Store a comment, and give it with what became of it.

    With the text of the mail that it came in, it waits, and the mail is kept beside it until it no
    longer does.

    Raises `Refused`: PARENT when the parent is gone or hidden by now, CLOSED when the conversation
    is closed by now, RATE when too much came from the writer or their network address in the last
    hour, RULE when a rule does not take the words, BANNED, and NAME for a guest under a reserved
    name. Locks the comments above it and, if it is shown at once, the article.
    """
    try:
        return _store(_judged(submission, site), site)
    except (Refused, IntegrityError):
        # The same form came before, or in another tab a moment ago: then nothing else counts, not
        # even what would refuse it now. Asked here, it costs an ordinary post nothing.
        same = Comment.objects.select_related("article", "parent")
        known = same.filter(posting_key=submission.digest).first()
        if known is None:
            raise
        return known, Receipt.REPEATED


def _judged(submission: Submission, site: SiteSettings) -> Submission:
    """The submission with what speaks against it; nothing does against an account's.

    Raises `Refused`: BANNED, NAME, RATE, RULE.
    """
    if submission.user is not None:
        return submission
    ban = bans.ban_for(email=submission.email, client=submission.client)
    if ban is not None:
        known = access.reader_of(submission.email, submission.proof) is not None
        raise Refused(Reason.BANNED, bans.message(ban, known=known))
    # Asked here, whichever way the name came in; a form asks before, to say it at the field.
    if submission.author is None and access.name_is_reserved(submission.name, site):
        raise Refused(Reason.NAME)
    _check_rate(submission, site)
    screened = screen.screen(submission, site)
    if screened.refused is not None:
        raise Refused(Reason.RULE, words=screened.refused)
    return replace(submission, signals=screened.signals, state=screened.state, score=screened.score)


def _check_rate(submission: Submission, site: SiteSettings) -> None:
    uses = []
    if submission.client is not None:
        uses.append(limits.Use("post", submission.client, site.posts_per_hour))
    if submission.email:
        person = mailbox(submission.email)
        uses.append(limits.Use("post-person", person, site.posts_per_person))
    try:
        limits.take(*uses)
    except limits.TooMany as refusal:
        raise Refused(Reason.RATE, wait=refusal.wait) from refusal


def _store(judged: Submission, site: SiteSettings) -> tuple[Comment, Receipt]:
    """Store a judged submission with all that comes with it, in one transaction.

    Raises `Refused`: CLOSED, PARENT; IntegrityError when the same one is stored already.
    """
    html = markup.render(judged.text)
    with transaction.atomic():
        conversation_lock.to_write()
        current, number = _now(judged.article)
        if closed := access.closed_reason(current, site):
            raise Refused(Reason.CLOSED, closed)
        # The conversation may have moved since the form was opened; behind the gate it stays.
        judged.article.conversation_id = current.conversation_id
        commenter = _commenter_for(judged)
        is_proven = commenter is not None and (
            judged.user is not None or access.is_proven(commenter, judged.proof)
        )
        hold = current.hold or site.hold
        judged = _decided(
            judged, commenter, _hold_signals(judged, commenter, is_proven, hold, site)
        )
        comment = _row(judged, number, commenter, html, current.version)
        fragments.refresh(comment)
        if judged.parent is not None:
            _hold_on_to(comment, judged.parent)
        _insert(comment)
        if judged.mail:
            HeldMail.objects.create(comment=comment, text=judged.mail)
        if judged.signals:
            held = log_signals.stored(judged.signals)
            ModerationEvent.objects.create(comment=comment, action=Action.HELD, signals=held)
        if commenter is not None:
            _ask(comment, commenter, judged, is_proven=is_proven)
        if not judged.signals:
            counters.visibility_changed(comment, by=1)
        return comment, _receipt(judged)


def _receipt(judged: Submission) -> Receipt:
    """What becomes of a submission that is stored."""
    if not judged.signals:
        return Receipt.POSTED
    if judged.state == State.PENDING and CONFIRMABLE.issuperset(one.kind for one in judged.signals):
        return Receipt.HELD_FOR_CLICK
    return Receipt.HELD_FOR_MODERATOR


def _decided(judged: Submission, commenter: Commenter | None, held: list[SignalKind]) -> Submission:
    """The submission with all that holds it, and the state that it is stored in."""
    mail = [SignalKind.MAIL] if judged.mail else []
    found = (*map(Signal, held), *judged.signals, *map(Signal, mail))
    if commenter is not None and bans.is_blocked(commenter):
        found = (Signal(SignalKind.BLOCKED), *found)
        return replace(judged, signals=found, state=State.REJECTED)
    if not found or judged.state == State.SPAM:
        return replace(judged, signals=found)
    return replace(judged, signals=found, state=State.PENDING)


def _row(
    judged: Submission, number: int, commenter: Commenter | None, html: str, version: int
) -> Comment:
    """The row of a judged submission, not stored."""
    article, author = judged.article, judged.author
    path = tree.attach(judged.parent.path if judged.parent else b"", number)
    row = Comment(
        pk=number,
        article=access.home(article),
        parent=judged.parent,
        path=path,
        depth=tree.depth_of(path),
        commenter=commenter,
        author=author,
        by_article_author=bool(author and article.article_authors.filter(author=author).exists()),
        by_moderator=judged.moderator,
        name=judged.name,
        website=judged.website,
        source=judged.text,
        html=html,
        language=language_of(judged.text, article.language),
        state=judged.state,
        shown=judged.state == State.APPROVED,
        article_version=version,
        client=judged.client,
        seconds=judged.seconds,
        origin=judged.origin,
        posting_key=judged.digest,
        to_tell=judged.state in (State.APPROVED, State.PENDING),
        score=judged.score,
    )
    row.hold_for(judged.signals)
    return row


def _ask(comment: Comment, commenter: Commenter, judged: Submission, *, is_proven: bool) -> None:
    """Follow for a writer who is proven to be `commenter`; ask anybody else by mail."""
    follow = judged.follow
    if is_proven:
        if follow:
            following.follow(commenter=commenter, article=comment.article)
    elif comment.state == State.PENDING:
        settles = not CONFIRMABLE.isdisjoint(one.kind for one in judged.signals)
        if settles or follow or commenter.confirmed_at is None:
            confirming.ask_to_confirm(comment, follow=follow)
    elif comment.state == State.APPROVED and follow:
        following.ask(person=commenter, article=comment.article, comment=None)


_RULES = (
    *("status", "published_at", "trashed_at", "comment_policy", "close_after_days"),
    *("hold", "version", "conversation_id"),
)
"""What of an article decides about a comment on it, read anew when the comment is stored."""


def _now(article: Article) -> tuple[Article, int]:
    """The article with its rules as they are now, and the number of the next comment.

    Raises `Refused` (CLOSED) when the article is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_RULES)}, nextval(pg_get_serial_sequence('comments_comment', 'id'))"  # noqa: S608
            " FROM blog_article WHERE id = %s",
            [article.pk],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused(Reason.CLOSED)
    current = copy.copy(article)
    for name, value in zip(_RULES, row, strict=False):
        setattr(current, name, value)
    return current, int(row[-1])


def _hold_on_to(comment: Comment, parent: Comment) -> None:
    """Lock what stands above `comment`, and see that its parent may still be answered.

    Raises `Refused` (PARENT).
    """
    row = counters.lock_parent(parent)
    if row is None or row.state != State.APPROVED or row.article_id != comment.article_id:
        raise Refused(Reason.PARENT)
    if row.name != parent.name:
        # It was told of under the name that the parent had when the form was opened.
        parent.name = row.name
        fragments.refresh(comment)


_COLUMNS = tuple(Comment._meta.concrete_fields)
_NAMES = ", ".join(f'"{field.column}"' for field in _COLUMNS)
_INSERT = f"INSERT INTO comments_comment ({_NAMES}) VALUES %s"  # noqa: S608 - our own names


def _insert(comment: Comment) -> None:
    """As `comment.save(force_insert=True)`, with a statement that was made once: to make it anew
    takes longer than to store the row."""
    values = (
        field.get_db_prep_save(getattr(comment, field.attname), connection) for field in _COLUMNS
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [tuple(values)])
    comment._state.adding, comment._state.db = False, connection.alias


def _commenter_for(judged: Submission) -> Commenter | None:
    """The person behind a post, made when first seen; none for a guest without an address."""
    if judged.user is not None:
        return Commenter.objects.get_or_create(
            user=judged.user, defaults={"name": judged.name[:60], "trust": Trust.TRUSTED}
        )[0]
    if not judged.email:
        return None
    made = {"name": judged.name, "website": judged.website, "language": judged.article.language}
    return Commenter.objects.get_or_create(email=folded(judged.email), defaults=made)[0]


def _hold_signals(
    judged: Submission, commenter: Commenter | None, is_proven: bool, hold: str, site: SiteSettings
) -> list[SignalKind]:
    """Why the comment must wait for who wrote it; empty when it need not."""
    if judged.user is not None:
        return []
    if hold == Hold.EVERYONE:
        return [SignalKind.EVERYONE]
    is_new = commenter is None or commenter.trust == Trust.NEW
    known = is_proven and not is_new
    if hold == Hold.NOBODY:
        return [SignalKind.FLOOD] if not known and screen.is_flooded(site.flood_limit) else []
    if commenter is None:
        return [SignalKind.NO_ADDRESS]
    if known:
        return []
    return [SignalKind.FIRST if is_new else SignalKind.BROWSER]
