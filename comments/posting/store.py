"""How a comment comes in: judged first, then stored within a short run of locks.

What needs no lock (screening, markup, the fragment) is done before the first is taken, since all
who write in one conversation wait for each other's.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from authors import limits
from authors.models import Author, User
from blog.models import Article, Hold, SiteSettings
from blog.publishing import conversation_lock
from comments.models import (
    Action,
    Comment,
    Commenter,
    HeldMail,
    ModerationEvent,
    Origin,
    State,
    Trust,
)
from comments.notifications import confirming, following
from comments.screening import bans, screen, spam
from comments.screening.reasons import CONFIRMABLE
from comments.thread import access, counters, fragments, markup, tree
from comments.thread.refusals import Refused
from core.addresses import folded, mailbox


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
    # What the browser holds of a confirmed `email` (`access.browser_proof`); empty: nothing.
    proof: str = ""


@dataclass(frozen=True)
class Post:
    """One act of posting, before it is a comment."""

    article: Article
    parent: Comment | None
    writer: Writer
    source: str
    language: str
    origin: Origin
    key: str
    # The mail that it came in, when what of it is the comment is for a moderator to see.
    mail: str = ""

    def digest(self) -> bytes:
        """One digest for one act of posting: the form's key with everything that was said.

        A form on a cached page has no key of its own; the content alone then tells a second click
        from a second comment, though not whose click it is. Changed text under the same key is
        another comment.
        """
        writer = self.writer
        who = writer.user.pk if writer.user else f"{writer.name}\0{writer.email}"
        above = self.parent.pk if self.parent else 0
        parts = (self.key, self.article.pk, above, who, self.source)
        return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()

    def facts(self) -> spam.Facts:
        """What is known of it to those that judge it."""
        writer = self.writer
        return spam.Facts(
            text=self.source,
            name=writer.name,
            website=writer.website,
            seconds=writer.seconds,
            email=writer.email,
            address=writer.address,
            agent=writer.agent,
            page=f"{settings.SITE_URL}{self.article.get_absolute_url()}",
        )


def store(post: Post, site: SiteSettings) -> Comment:
    """Judge `post` and store it. Raises as `services.comment_post` says, and IntegrityError when
    the same post is stored already."""
    writer, screened = post.writer, screen.Screened()
    if writer.user is None:
        ban = bans.ban_for(email=writer.email, client=writer.client)
        if ban is not None:
            known = access.is_reader_of(writer.email, writer.proof)
            raise Refused("banned", bans.message(ban, known=known))
        # Asked here, whichever way the name came in; a form asks before, to say it at the field.
        if writer.author is None and access.name_is_reserved(writer.name, site):
            raise Refused("name", str(access.NAME_RESERVED))
        _check_rate(writer, site)
        screened = screen.screen(post.facts(), site)
    if screened.refused is not None:
        raise Refused("rule", screened.refused)
    html = markup.render(post.source)
    with transaction.atomic():
        return _store(post, site, html, screened)


def _check_rate(writer: Writer, site: SiteSettings) -> None:
    uses = []
    if writer.client is not None:
        uses.append(limits.Use("post", writer.client, site.posts_per_hour))
    if writer.email:
        person = mailbox(writer.email)
        uses.append(limits.Use("post-person", person, site.posts_per_person))
    try:
        limits.take(*uses)
    except limits.TooMany as refusal:
        raise Refused("rate", wait=refusal.wait) from refusal


def _store(post: Post, site: SiteSettings, html: str, screened: screen.Screened) -> Comment:
    article, parent, writer = post.article, post.parent, post.writer
    conversation_lock.to_write()
    current, number = _now(article)
    if access.closed_reason(current, site):
        raise Refused("closed")
    # The conversation may have moved since the form was opened; behind the gate it stays.
    article.conversation_id = current.conversation_id
    commenter = _commenter_for(writer, post.language)
    is_proven = commenter is not None and (
        writer.user is not None or access.is_proven(commenter, writer.proof)
    )
    signals = [
        *_hold_signals(writer, commenter, is_proven, current.hold or site.hold, site),
        *screened.signals,
        *(["mail"] if post.mail else []),
    ]
    state = State.APPROVED
    if signals:
        state = State.SPAM if screened.state == State.SPAM else State.PENDING
    if commenter is not None and bans.is_blocked(commenter):
        state, signals = State.REJECTED, ["blocked", *signals]
    path = tree.attach(parent.path if parent else b"", number)
    comment = Comment(
        pk=number,
        article=access.home(article),
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
        source=post.source,
        html=html,
        language=post.language,
        state=state,
        shown=state == State.APPROVED,
        article_version=current.version,
        client=writer.client,
        seconds=writer.seconds,
        origin=post.origin,
        posting_key=post.digest(),
        to_tell=state in (State.APPROVED, State.PENDING),
    )
    fragments.refresh(comment)
    if parent is not None:
        _hold_on_to(comment, parent)
    _insert(comment)
    if post.mail:
        HeldMail.objects.create(comment=comment, text=post.mail)
    if signals:
        ModerationEvent.objects.create(comment=comment, action=Action.HELD, signals=signals)
    if commenter is not None:
        _ask(comment, commenter, signals, follow=writer.follow, is_proven=is_proven)
    if not signals:
        counters.visibility_changed(comment, by=1)
    return comment


def _ask(
    comment: Comment, commenter: Commenter, signals: list[str], *, follow: bool, is_proven: bool
) -> None:
    """Follow for a writer who is proven to be `commenter`; ask anybody else by mail."""
    if is_proven:
        if follow:
            following.follow(commenter=commenter, article=comment.article)
    elif comment.state == State.PENDING:
        settles = not CONFIRMABLE.isdisjoint(signals)
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

    Raises `Refused("closed")` when the article is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_RULES)}, nextval(pg_get_serial_sequence('comments_comment', 'id'))"  # noqa: S608
            " FROM blog_article WHERE id = %s",
            [article.pk],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused("closed")
    current = copy.copy(article)
    for name, value in zip(_RULES, row, strict=False):
        setattr(current, name, value)
    return current, int(row[-1])


def _hold_on_to(comment: Comment, parent: Comment) -> None:
    """Lock what stands above `comment`, and see that its parent may still be answered.

    Raises `Refused("parent")`.
    """
    row = counters.lock_parent(parent)
    if row is None or row.state != State.APPROVED or row.article_id != comment.article_id:
        raise Refused("parent")
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


def _commenter_for(writer: Writer, language: str) -> Commenter | None:
    """The person behind a post, made when first seen; none for a guest without an address."""
    if writer.user is not None:
        return Commenter.objects.get_or_create(
            user=writer.user, defaults={"name": writer.name[:60], "trust": Trust.TRUSTED}
        )[0]
    if not writer.email:
        return None
    return Commenter.objects.get_or_create(
        email=folded(writer.email),
        defaults={"name": writer.name, "website": writer.website, "language": language},
    )[0]


def _hold_signals(
    writer: Writer, commenter: Commenter | None, is_proven: bool, hold: str, site: SiteSettings
) -> list[str]:
    """Why the comment must wait for who wrote it, in short words; empty when it need not."""
    if writer.user is not None:
        return []
    if hold == Hold.EVERYONE:
        return ["everyone is held"]
    is_new = commenter is None or commenter.trust == Trust.NEW
    known = is_proven and not is_new
    if hold == Hold.NOBODY:
        return ["flood"] if not known and screen.is_flooded(site.flood_limit) else []
    if commenter is None:
        return ["no e-mail address"]
    if known:
        return []
    return ["first comment" if is_new else "other browser"]


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
    mail: str = "",
) -> tuple[Comment, bool]:
    """Store a comment and give it with whether it is new (False: the same form came before).

    `source` has been through `markup.clean_source`. With the text of the `mail` that it came in,
    it waits, and the mail is kept beside it until it no longer does.

    Raises `Refused("parent")` when the parent is gone or hidden by now, `Refused("closed")` when
    the conversation is closed by now,
    `Refused("rate")` when too much came from the writer or her network address in the last hour,
    `Refused("rule", words)` when a rule does not take the words, `Refused("banned", message)`,
    `Refused("name", message)` for a guest under a reserved name.
    Locks the comments above it and, if it is shown at once, the article.
    """
    post = Post(
        article=article,
        parent=parent,
        writer=writer,
        source=source,
        language=language or article.language,
        origin=origin,
        key=key,
        mail=mail,
    )
    try:
        return store(post, site), True
    except (Refused, IntegrityError):
        # The same form came before, or in another tab a moment ago: then nothing else counts, not
        # even what would refuse it now. Asked here, it costs an ordinary post nothing.
        same = Comment.objects.select_related("article", "parent")
        known = same.filter(posting_key=post.digest()).first()
        if known is None:
            raise
        return known, False
