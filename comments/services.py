"""Writes of the conversation. Each is one transaction; the article's row is locked last."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from authors.models import Author, User
from blog import gate
from blog.models import Article, Hold, SiteSettings
from comments import (
    access,
    bans,
    following,
    fragments,
    learning,
    markup,
    notices,
    screening,
    spam,
    tree,
)
from comments.access import home, home_id
from comments.counters import lock_thread, visibility_changed
from comments.models import (
    Action,
    Appeal,
    Comment,
    Commenter,
    Lesson,
    ModerationEvent,
    Origin,
    Outcome,
    Report,
    State,
    Trust,
)


class Refused(Exception):
    """A post that cannot be taken; `reason` is a short word, `message` is for the writer."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message


class StateConflict(Exception):
    """Somebody decided about the comment in the meantime; `comment` is as it is now."""

    def __init__(self, comment: Comment) -> None:
        super().__init__(comment.state)
        self.comment = comment


@dataclass(frozen=True)
class Writer:
    """Who posts: a guest by what she typed, or an account's author."""

    name: str
    email: str = ""
    website: str = ""
    user: User | None = None
    author: Author | None = None
    moderator: bool = False
    # A keyed hash of the network address, for the limit on posts; None: not limited.
    client: bytes | None = None
    # Between the first touch of the form and sending it; None: not known.
    seconds: int | None = None
    # The network address and browser, in memory only, for a scorer elsewhere; mostly empty.
    address: str = ""
    agent: str = ""
    # Wants mail of what comes after it under the article.
    follow: bool = False


def posting_key(
    *, key: str, article: Article, parent_id: int | None, writer: Writer, source: str
) -> bytes:
    """One digest for one act of posting: the form's key with everything that was said.

    A form on a cached page has no key of its own; the content alone then tells a second click
    from a second comment. Changed text under the same key is another comment.
    """
    who = writer.user.pk if writer.user else f"{writer.name}\0{writer.email}"
    parts = (key, article.pk, parent_id or 0, who, source)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()


def comment_post(
    *,
    article: Article,
    parent: Comment | None,
    writer: Writer,
    source: str,
    site: SiteSettings,
    key: str = "",
    language: str = "",
    origin: Origin = Origin.SITE,
) -> tuple[Comment, bool]:
    """Store a comment and give it with whether it is new (False: the same form came before).

    `source` has been through `markup.clean_source`. Raises `Refused("parent")` when the parent
    is gone or hidden by now, `Refused("closed")` when the conversation is closed by now,
    `Refused("rate")` when too much came from the writer or her network address in the last hour,
    `Refused("rule", words)` when a rule does not take the words, `Refused("banned", message)`.
    Locks the comments above it and, if it is shown at once, the article.
    """
    digest = posting_key(
        key=key,
        article=article,
        parent_id=parent.pk if parent else None,
        writer=writer,
        source=source,
    )
    try:
        return _post(article, parent, writer, source, site, digest, language, origin), True
    except (Refused, IntegrityError):
        # The same form came before, or in another tab a moment ago: then nothing else counts, not
        # even what would refuse it now. Asked here, it costs an ordinary post nothing.
        same = Comment.objects.select_related("article", "parent").filter(posting_key=digest)
        known = same.first()
        if known is None:
            raise
        return known, False


def _post(
    article: Article,
    parent: Comment | None,
    writer: Writer,
    source: str,
    site: SiteSettings,
    digest: bytes,
    language: str,
    origin: Origin,
) -> Comment:
    if writer.user is None:
        ban = bans.ban_for(email=writer.email, client=writer.client)
        if ban is not None:
            raise Refused("banned", bans.message(ban))
    _check_rate(writer, site)
    screened = screening.Screened()
    if writer.user is None:
        screened = screening.screen(facts_for(writer, source, article), site)
    if screened.refused is not None:
        raise Refused("rule", screened.refused)
    html = markup.render(source)
    with transaction.atomic():
        return _store(
            article, parent, writer, source, html, site, digest, language, screened, origin
        )


def facts_for(writer: Writer, source: str, article: Article) -> spam.Facts:
    """What is known of a guest's comment to those that judge it."""
    return spam.Facts(
        text=source,
        name=writer.name,
        website=writer.website,
        seconds=writer.seconds,
        email=writer.email,
        address=writer.address,
        agent=writer.agent,
        page=f"{settings.SITE_URL}{article.get_absolute_url()}",
    )


def _check_rate(writer: Writer, site: SiteSettings) -> None:
    if writer.user is not None:
        return
    since = timezone.now() - datetime.timedelta(hours=1)
    recent = Comment.objects.filter(created_at__gt=since).order_by("-id")
    limits = []
    if writer.client is not None:
        limits.append((site.posts_per_hour, recent.filter(client=writer.client)))
    if writer.email:
        limits.append((site.posts_per_person, recent.filter(commenter__email=writer.email.lower())))
    for limit, theirs in limits:
        if limit and theirs[:limit].count() >= limit:
            raise Refused("rate")


_RULES = (
    *("status", "published_at", "comment_policy", "close_after_days"),
    *("trashed_at", "hold", "version", "conversation"),
)
"""What of an article decides about a comment on it, read anew when the comment is stored."""


def _store(
    article: Article,
    parent: Comment | None,
    writer: Writer,
    source: str,
    html: str,
    site: SiteSettings,
    digest: bytes,
    language: str,
    screened: screening.Screened,
    origin: Origin,
) -> Comment:
    if parent is not None:
        try:
            parent = lock_thread(parent, "article", "path", "state", "name")
        except KeyError as error:
            raise Refused("parent") from error
        if parent.state != State.APPROVED:
            raise Refused("parent")
    else:
        gate.to_write()
    open_ones = Article.objects.published().filter(pk=article.pk).only(*_RULES).order_by()
    current = next(iter(open_ones), None)
    if current is None or access.closed_reason(current, site):
        raise Refused("closed")
    # The conversation may have moved since the form was opened; behind the gate it stays.
    article.conversation_id = current.conversation_id
    if parent is not None and parent.article_id != home_id(article):
        raise Refused("parent")
    commenter = _commenter_for(writer, language or article.language)
    signals = [
        *_hold_signals(writer, commenter, current.hold or site.hold, site),
        *screened.signals,
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('comments_comment', 'id'))")
        number = int(cursor.fetchone()[0])
    path = tree.attach(parent.path if parent else b"", number)
    state = State.APPROVED
    if signals:
        state = State.SPAM if screened.state == State.SPAM else State.PENDING
    if commenter is not None and commenter.trust == Trust.BLOCKED:
        state, signals = State.REJECTED, ["blocked"]
    comment = Comment(
        pk=number,
        article=home(article),
        parent=parent,
        path=path,
        depth=tree.depth_of(path),
        commenter=commenter,
        author=writer.author,
        by_article_author=bool(
            writer.author and article.article_authors.filter(author=writer.author).exists()
        ),
        by_moderator=writer.moderator,
        name=writer.name,
        website=writer.website,
        source=source,
        html=html,
        language=language or article.language,
        state=state,
        shown=state == State.APPROVED,
        article_version=current.version,
        client=writer.client,
        seconds=writer.seconds,
        origin=origin,
        posting_key=digest,
        to_tell=state in (State.APPROVED, State.PENDING),
    )
    fragments.refresh(comment)
    comment.save(force_insert=True)
    if writer.follow and commenter is not None:
        following.follow(commenter=commenter, article=comment.article)
    if signals:
        ModerationEvent.objects.create(comment=comment, action=Action.HELD, signals=signals)
        if commenter is not None and state == State.PENDING:
            notices.ask_to_confirm(commenter)
    else:
        visibility_changed(comment, by=1)
    return comment


def _commenter_for(writer: Writer, language: str) -> Commenter | None:
    """The person behind a post, made when first seen; none for a guest without an address."""
    if writer.user is not None:
        return Commenter.objects.get_or_create(
            user=writer.user, defaults={"name": writer.name[:60], "trust": Trust.TRUSTED}
        )[0]
    if not writer.email:
        return None
    return Commenter.objects.get_or_create(
        email=writer.email.lower(),
        defaults={"name": writer.name, "website": writer.website, "language": language},
    )[0]


def _hold_signals(
    writer: Writer, commenter: Commenter | None, hold: str, site: SiteSettings
) -> list[str]:
    """Why the comment must wait for who wrote it, in short words; empty when it need not."""
    if writer.user is not None:
        return []
    if hold == Hold.EVERYONE:
        return ["everyone is held"]
    known = commenter is not None and commenter.trust != Trust.NEW
    if hold == Hold.NOBODY:
        return ["flood"] if not known and screening.is_flooded(site.flood_limit) else []
    if commenter is None:
        return ["no e-mail address"]
    return [] if known else ["first comment"]


def comment_approve(*, comment: Comment, actor: User | None) -> ModerationEvent:
    """Show a waiting, refused or removed comment, and know its writer from now on.

    Raises `StateConflict` when it is shown already or its writer deleted it.
    """
    allowed = (State.PENDING, State.REJECTED, State.SPAM, State.REMOVED)
    with transaction.atomic():
        event = decide(comment, actor, State.APPROVED, Action.APPROVED, "", allowed)
        new = Commenter.objects.filter(comments=comment, trust=Trust.NEW)
        if new.update(trust=Trust.KNOWN):
            event.before["trust"] = Trust.NEW
            event.save(update_fields=["before"])
    return event


def comment_reject(*, comment: Comment, actor: User | None, reason: str = "") -> ModerationEvent:
    """Refuse a waiting comment: it never shows. Raises `StateConflict` when it waits no more."""
    return decide(
        comment, actor, State.REJECTED, Action.REJECTED, reason, (State.PENDING, State.SPAM)
    )


def comment_spam(*, comment: Comment, actor: User | None) -> ModerationEvent:
    """Mark as spam; a shown comment disappears, its replies keep their place."""
    return decide(
        comment,
        actor,
        State.SPAM,
        Action.SPAM,
        "",
        (State.PENDING, State.APPROVED, State.REJECTED),
    )


def comment_remove(*, comment: Comment, actor: User | None, reason: str) -> ModerationEvent:
    """Put a tombstone with the reason in the place of a shown comment."""
    return decide(comment, actor, State.REMOVED, Action.REMOVED, reason, (State.APPROVED,))


def comment_delete(*, comment: Comment, actor: User | None = None) -> ModerationEvent:
    """The writer takes the comment back; a tombstone keeps its replies in place."""
    return decide(
        comment, actor, State.DELETED, Action.DELETED, "", (State.PENDING, State.APPROVED)
    )


@transaction.atomic
def decide(
    comment: Comment,
    actor: User | None,
    state: State,
    action: Action,
    reason: str,
    allowed: tuple[State, ...],
    signals: tuple[str, ...] = (),
) -> ModerationEvent:
    """Turn `comment` over to `state`, with counters, fragment and a line in the log.

    A person's decision closes the readers' reports on it, and is what the spam filter learns from.

    Locks the comments above it, then the article. Raises `StateConflict` unless the comment is
    in one of the `allowed` states at that moment.
    """
    row = lock_thread(comment)
    if row.state not in allowed:
        raise StateConflict(row)
    before: dict[str, Any] = {}
    if actor is not None:
        before = {"state": row.state, "reason": row.reason, **_closed_by_decision(row, state)}
    turn(row, state, reason, to_tell=state == State.APPROVED or bool(signals))
    comment.state, comment.shown, comment.reason = row.state, row.shown, row.reason
    event = ModerationEvent.objects.create(
        comment=row,
        actor=actor,
        action=action,
        reason=reason[:300],
        signals=list(signals),
        before=before,
    )
    if actor is not None:
        if event.action in notices.TOLD:
            notices.tell_decided(row, event)
        # The filter last, as it locks its words.
        _teach(row)
    return event


def turn(row: Comment, state: State, reason: str, *, to_tell: bool) -> None:
    """Bring a locked comment into `state`, with its fragment and the counters above it.

    The caller holds the locks of `lock_thread` and writes the log.
    """
    was_shown, was_counted = row.shown, row.state == State.APPROVED
    row.state, row.reason, row.to_tell = state, reason[:300], to_tell
    tombstone = state in (State.REMOVED, State.DELETED) and was_counted
    # What was answered keeps an empty place, or its replies would hang in the air.
    orphaning = state in (State.SPAM, State.PENDING) and row.descendant_count > 0
    row.shown = state == State.APPROVED or tombstone or orphaning
    fragments.refresh(row)
    row.save(update_fields=["state", "reason", "shown", "to_tell", *fragments.FIELDS])
    if row.shown or was_shown:
        visibility_changed(row, by=int(state == State.APPROVED) - int(was_counted))


def _closed_by_decision(row: Comment, state: State) -> dict[str, Any]:
    """End what a person's decision settles: reports, and an appeal that was right.

    Gives what to know when the decision is taken back.
    """
    lesson = Lesson.objects.filter(comment=row).values_list("spam", flat=True).first()
    settled: dict[str, Any] = {"lesson": lesson}
    if state != State.PENDING:
        settled["reports"] = reports_close(row, upheld=state != State.APPROVED)
    if state == State.APPROVED:
        appeal = Appeal.objects.filter(comment=row, outcome=Outcome.OPEN)
        settled["appeal"] = appeal.values_list("pk", flat=True).first()
        appeal.update(outcome=Outcome.UPHELD, decided_at=timezone.now())
    return settled


def reports_close(comment: Comment, *, upheld: bool) -> list[int]:
    """End the open reports on `comment` and tell those who left an address, which is then
    forgotten. Gives their numbers; the caller is in the transaction of the decision.
    """
    open_ones = list(Report.objects.filter(comment=comment, outcome=Outcome.OPEN))
    for report in open_ones:
        if report.email:
            notices.tell_reporter(comment, report, upheld=upheld)
    numbers = [report.pk for report in open_ones]
    Report.objects.filter(pk__in=numbers).update(
        outcome=Outcome.UPHELD if upheld else Outcome.DISMISSED,
        decided_at=timezone.now(),
        email="",
    )
    return numbers


def _teach(comment: Comment) -> None:
    if comment.state in (State.APPROVED, State.SPAM):
        learning.learn(comment, is_spam=comment.state == State.SPAM)
    elif comment.state == State.PENDING:
        learning.unlearn(comment)
