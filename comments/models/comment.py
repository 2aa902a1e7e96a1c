"""A comment, its earlier texts, and readers' reactions to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors import access
from authors.models import Author, User
from authors.personal import GONE
from blog.models import Article
from blog.models.search_vectors import remark_vector
from comments.models.log_signals import SUSPICIOUS, Signal
from comments.models.people import Commenter

# An article's address as its id (blog.migrations.0022_entry_ids_filled).
_ADDRESS = re.compile(r"(https?://[^/?#]+/[0-9]{4}/[0-9]{2}/[^/?#]+/)(?:\?entry=[0-9]+)?")


_WAITING = Q(state="pending")


class State(models.TextChoices):
    """What readers may see of a comment."""

    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Refused")
    SPAM = "spam", _("Spam")
    DELETED = "deleted", _("Deleted by the writer")
    REMOVED = "removed", _("Removed by a moderator")


class Origin(models.TextChoices):
    """Which way a comment came in."""

    SITE = "site", _("This site")
    IMPORT = "import", _("Import")
    WEBMENTION = "webmention", "Webmention"
    ACTIVITYPUB = "activitypub", "ActivityPub"
    MAIL = "mail", _("E-mail")


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments; none of a hidden article is ever public, whatever its own state."""

    def public(self) -> CommentQuerySet:
        """Approved comments under articles that any reader may see."""
        return self.filter(
            state="approved",
            article__in=Article.objects.published().exclude(comment_policy="hidden"),
        )

    def shown(self) -> CommentQuerySet:
        """Comments visible in a thread: approved ones, and tombstones with replies."""
        return self.filter(shown=True)

    def moderated_by(self, user: User | AnonymousUser) -> CommentQuerySet:
        """The comments that `user` may decide about: everywhere, or under their own articles."""
        if access.is_moderator(user):
            return self.exclude(article__in=Article.objects.hidden_conversations())
        if user.is_anonymous or not user.is_active or not access.roles_of(user):
            return self.none()
        return self.filter(article__in=Article.objects.editable_by(user))


class Comment(models.Model):
    """One contribution; its place in the thread is `parent`, in reading order `path`."""

    # No index of its own on the article: with one, PostgreSQL's generic plan sorted the whole
    # thread (77 ms) where the index on (article, path) reads a page (0.13 ms).
    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        db_index=False,
        related_name="comments",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("in reply to"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="replies",
    )
    # comments.thread.tree: parent's path, then a length byte and the id.
    path = models.BinaryField(max_length=1000)
    depth = models.PositiveSmallIntegerField(_("level"), default=0)
    commenter = models.ForeignKey(
        Commenter,
        verbose_name=_("commenter"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
    )
    # Set when the writer is one of the site's authors.
    author = models.ForeignKey(
        Author,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
    )
    by_article_author = models.BooleanField(default=False)
    by_moderator = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=80)
    website = models.CharField(_("website"), max_length=200, blank=True)
    source = models.TextField(_("text"))
    html = models.TextField(editable=False)
    # The finished markup of this comment in a thread, and the release that made it.
    fragment = models.TextField(editable=False, blank=True)
    fragment_release = models.CharField(max_length=12, editable=False, blank=True)
    # The same in other languages, made when a translation of the article first needs it.
    fragment_translations = models.JSONField(editable=False, null=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    # Approved, or a tombstone that keeps its place: what a thread shows.
    shown = models.BooleanField(default=False, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    article_version = models.PositiveIntegerField(_("written on version"), default=0)
    origin = models.CharField(
        _("origin"), max_length=12, choices=Origin.choices, default=Origin.SITE
    )
    foreign_id = models.CharField(max_length=300, null=True, blank=True, editable=False)
    # What feeds name it by since its conversation moved; empty: what follows from its article's id.
    entry_id = models.CharField(
        max_length=350, editable=False, blank=True, default="", db_default=""
    )
    # Digest of the form's key and its content: the same form twice is one comment.
    posting_key = models.BinaryField(max_length=32, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # A moderator gave it other words; from then on its writer changes it no more.
    reworded_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When it was first shown, where that was later than it was written; empty: at once, or never.
    shown_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Shown on top of the conversation as well as in its own place.
    featured_at = models.DateTimeField(_("featured"), null=True, blank=True, editable=False)
    # The article was changed because of it; its writer is named under the article.
    credited_at = models.DateTimeField(_("credited"), null=True, blank=True, editable=False)
    # Since when the article no longer holds what the comment quotes from it.
    quote_gone_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A keyed hash of the client's address, for limits; forgotten after some days.
    client = models.BinaryField(max_length=16, null=True, editable=False)
    # From the first touch of the form to sending it, as its script says; for the spam filter.
    seconds = models.PositiveSmallIntegerField(null=True, editable=False)
    # How much the filters thought it to be spam when it came, 0 to 1; -1: they were not asked.
    score = models.FloatField(default=-1, db_default=-1, editable=False)
    # What it is or was held for (the kinds of signals), and whether that says spam.
    held_for = ArrayField(models.CharField(max_length=10), null=True, editable=False)
    suspect = models.BooleanField(default=False, db_default=False, editable=False)
    # How lively its conversation is (comments.moderation.reach), while it waits.
    reach = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    # What its open reports weigh (comments.moderation.reporters).
    report_weight = models.FloatField(default=0, db_default=0, editable=False)
    # The worker has yet to tell who follows, or who moderates (comments.notifications.following).
    to_tell = models.BooleanField(default=False, editable=False)
    # Written by comments.thread.counters alone.
    reaction_count = models.PositiveIntegerField(default=0, editable=False)
    descendant_count = models.PositiveIntegerField(default=0, editable=False)
    rank = models.FloatField(default=0, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "path"], name="comments_comment_place"),
            models.UniqueConstraint(
                fields=["origin", "foreign_id"],
                name="comments_comment_foreign",
                condition=Q(foreign_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gt=0),
                name="comments_comment_depth",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="comments_comment_to_tell", condition=models.Q(to_tell=True)
            ),
            models.Index(
                fields=["article", "path"], name="comments_thread", condition=Q(shown=True)
            ),
            models.Index(
                "article",
                "language",
                "path",
                name="comments_thread_language",
                condition=Q(shown=True),
            ),
            models.Index(
                "article",
                F("id").desc(),
                name="comments_newest",
                condition=Q(parent=None, shown=True),
            ),
            models.Index(
                "article",
                F("rank").desc(),
                F("id").desc(),
                name="comments_ranked",
                condition=Q(parent=None, shown=True),
            ),
            models.Index(
                "article",
                F("reaction_count").desc(),
                F("id").desc(),
                name="comments_valued",
                condition=Q(parent=None, shown=True),
            ),
            models.Index(
                "article", F("id").desc(), name="comments_arrived", condition=Q(shown=True)
            ),
            # The overview of the last month.
            models.Index(
                fields=["created_at"], name="comments_by_date", condition=Q(state="approved")
            ),
            models.Index(
                "article",
                F("shown_at").desc(),
                name="comments_shown_late",
                condition=Q(shown=True, shown_at__gt=F("created_at")),
            ),
            models.Index(
                fields=["article"],
                name="comments_honoured",
                condition=Q(featured_at__isnull=False) | Q(credited_at__isnull=False),
            ),
            models.Index(
                fields=["article", "id"],
                name="comments_by_author",
                condition=Q(by_article_author=True, state="approved"),
            ),
            models.Index(
                "client", F("id").desc(), name="comments_client", condition=Q(client__isnull=False)
            ),
            # For the foreign key itself: without it, deleting a comment reads the whole table.
            models.Index(fields=["parent"], name="comments_replies"),
            models.Index(F("id").desc(), name="comments_latest", condition=Q(state="approved")),
            models.Index(fields=["id"], name="comments_spam", condition=Q(state="spam")),
            GinIndex(remark_vector(), name="comments_words", condition=Q(state="approved")),
            # The moderation queue, in each of its orders and by each of its filters.
            *(
                models.Index(
                    "suspect", *order, "id", name=f"comments_queue_{name}", condition=_WAITING
                )
                for name, *order in (
                    ("age",),
                    ("score", F("score").desc()),
                    ("reach", F("reach").desc()),
                    ("reports", F("report_weight").desc()),
                    ("language", "language"),
                    ("article", "article"),
                )
            ),
            GinIndex(fields=["held_for"], name="comments_queue_why", condition=_WAITING),
            models.Index(fields=["created_at"], name="comments_queue_since", condition=_WAITING),
            models.Index(fields=["id"], name="comments_reported", condition=Q(report_weight__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.source[:60]}"

    @property
    def erased(self) -> bool:
        """Whether its writer was forgotten: it holds a place, and nothing brings words back."""
        return not self.source and self.name == GONE

    @property
    def entry(self) -> str:
        """What feeds name it by, for good."""
        return self.entry_id or str(self.pk).join(around_number(self.article.entry_id))

    def hold_for(self, signals: Iterable[Signal]) -> None:
        """Note what it is held for, beside what it was held for before; not stored."""
        kinds = {one.kind.value for one in signals}
        self.held_for = sorted({*(self.held_for or ()), *kinds}) or None
        self.suspect = self.suspect or not kinds.isdisjoint(SUSPICIOUS)

    def get_absolute_url(self) -> str:
        """The permalink page."""
        return f"{page_address('comment', self.article)}{self.pk}/"

    @property
    def moderate_url(self) -> str:
        """The page on which who moderates here decides about it."""
        return f"{self.get_absolute_url()}moderate/"

    @property
    def in_thread_url(self) -> str:
        """Where it stands in the conversation, on whichever page that is."""
        return in_thread(self.article, self.pk)

    @property
    def reply_url(self) -> str:
        """The page on which to answer this comment."""
        return f"{page_address('reply', self.article)}?to={self.pk}"


def around_number(entry_id: str) -> tuple[str, str]:
    """What stands before and after a comment's number in its id, by the id of its article.

    Articles that are named by an address of theirs had feeds with such addresses of comments.
    """
    address = _ADDRESS.fullmatch(entry_id)
    return (f"{address[1]}comment/", "/") if address else (f"{entry_id}#comment-", "")


def page_address(name: str, article: Article) -> str:
    """Where a page of the conversation under `article` is: "reply", "arrivals", "article_feed"; for
    "comment" the address to which a comment's number and a slash are added."""
    day = timezone.localtime(article.published_at or timezone.now())
    return _address(name, day.year, day.month, article.slug)


def in_thread(article: Article, pk: int) -> str:
    """Where comment `pk` stands in the conversation under `article`, on whichever page that is."""
    return f"{article.get_absolute_url()}?at={pk}#comment-{pk}"


@lru_cache
def below_article(name: str) -> str:
    """What `page_address` adds to the address of the article itself."""
    return _address(name, 2000, 1, "a").removeprefix(reverse("blog:article", args=[2000, 1, "a"]))


@lru_cache(maxsize=4096)
def _address(name: str, year: int, month: int, slug: str) -> str:
    """As `reverse` says; asked four times for a page, it was a fifteenth of what the page cost."""
    below = {"comment_id": 0} if name == "comment" else {}
    parts = {"year": year, "month": month, "slug": slug, **below}
    return reverse(f"comments:{name}", kwargs=parts).removesuffix("0/" if below else "")


class Edit(models.Model):
    """What a comment said before its writer or a moderator changed it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="edits")
    source = models.TextField(_("text"))
    created_at = models.DateTimeField(_("changed"), auto_now_add=True)

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.source[:60]


class Reaction(models.Model):
    """One reader's "valuable" for one comment; who it was is not known."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, db_index=False, related_name="reactions"
    )
    # Digest of the random token that the reader's browser holds.
    reader = models.BinaryField(max_length=16)
    client = models.BinaryField(max_length=16, null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "reader"], name="comments_reaction_once")
        ]
        indexes = [
            models.Index(
                fields=["client", "created_at"],
                name="comments_reaction_client",
                condition=Q(client__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.created_at:%Y-%m-%d %H:%M}"
