"""The conversation under articles: who speaks, what was said, what was decided about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors.models import Author
from blog.models import Article
from blog.models.article import site_language
from comments.querysets import CommentQuerySet


class Trust(models.TextChoices):
    """How far a commenter is known here."""

    NEW = "new", _("New")
    KNOWN = "known", _("Known")
    TRUSTED = "trusted", _("Trusted")
    BLOCKED = "blocked", _("Blocked")


class Commenter(models.Model):
    """A person in the conversation: known by an e-mail address, or an account of this site."""

    # Lower case; never shown, never searchable, never hashed in public.
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="commenter",
    )
    name = models.CharField(_("name"), max_length=60)
    website = models.CharField(_("website"), max_length=200, blank=True)
    trust = models.CharField(
        _("trust"),
        max_length=10,
        choices=Trust.choices,
        default=Trust.NEW,
        help_text=_("Comments of known people appear at once, unless the settings hold all."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=site_language
    )
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)

    class Meta:
        verbose_name = _("commenter")
        verbose_name_plural = _("commenters")

    def __str__(self) -> str:
        return self.name


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
    # comments.tree: parent's path, then a length byte and the id.
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
    # Digest of the form's key and its content: the same form twice is one comment.
    posting_key = models.BinaryField(max_length=32, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # Written by comments.counters alone.
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
                fields=["article", "path"], name="comments_thread", condition=Q(shown=True)
            ),
            models.Index(
                "article", F("id").desc(), name="comments_newest", condition=Q(parent=None)
            ),
            models.Index(
                "article",
                F("rank").desc(),
                "id",
                name="comments_ranked",
                condition=Q(parent=None),
            ),
            models.Index("parent", F("rank").desc(), "id", name="comments_replies"),
            models.Index(F("id").desc(), name="comments_latest", condition=Q(state="approved")),
            models.Index(fields=["id"], name="comments_queue", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.source[:60]}"

    def get_absolute_url(self) -> str:
        """The permalink page."""
        return reverse("comments:comment", kwargs={**place(self.article), "comment_id": self.pk})

    @property
    def reply_url(self) -> str:
        """The page on which to answer this comment."""
        return f"{reverse('comments:reply', kwargs=place(self.article))}?to={self.pk}"


def place(article: Article) -> dict[str, Any]:
    """The parts of the article's address, for `reverse`."""
    day = timezone.localtime(article.published_at or timezone.now())
    return {"year": day.year, "month": day.month, "slug": article.slug}


class Action(models.TextChoices):
    """What a moderation event records."""

    HELD = "held", _("held")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("refused")
    SPAM = "spam", _("marked as spam")
    REMOVED = "removed", _("removed")
    DELETED = "deleted", _("deleted by the writer")


class ModerationEvent(models.Model):
    """Who decided what about a comment, and why; rows are only ever added."""

    comment = models.ForeignKey(
        Comment, verbose_name=_("comment"), on_delete=models.CASCADE, related_name="events"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    action = models.CharField(_("decision"), max_length=10, choices=Action.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # What spoke for it, each a short word: "first comment", "no address".
    signals = models.JSONField(_("signals"), default=list, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("moderation event")
        verbose_name_plural = _("moderation log")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.created_at:%Y-%m-%d %H:%M}"
