"""Subscriptions, sendings and their mails."""

from __future__ import annotations

import datetime
from collections import Counter

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from authors.models import Author
from blog.models import Article, Image, MailText, Tag
from blog.models.article import site_language
from comments.models import Commenter, Trust
from core.outbox import Outgoing


class MailPace(models.TextChoices):
    """How often a reader gets mail."""

    ONCE = "once", _("each article at once")
    WEEKLY = "weekly", _("once a week, together")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions; each belongs to an address that was confirmed."""

    def reachable(self) -> SubscriptionQuerySet:
        """Of people whom mail may go to: they confirmed their address, here or elsewhere."""
        return self.filter(
            ~Q(source="") | Q(person__confirmed_at__isnull=False),
            person__bounced_at=None,
            person__email__isnull=False,
        ).exclude(person__trust="blocked")

    def matching(self, article: Article) -> SubscriptionQuerySet:
        """Those that `article` belongs to: to everything, one of its authors or of its tags."""
        return self.filter(
            Q(author=None, tag=None)
            | Q(author__in=article.article_authors.order_by().values("author"))
            | Q(tag__in=article.tags.through.objects.filter(article=article).values("tag"))
        )


class Subscription(models.Model):
    """A confirmed reader gets what is published: everything, or of one author or subject."""

    person = models.ForeignKey(
        Commenter, verbose_name=_("person"), on_delete=models.CASCADE, related_name="newsletters"
    )
    author = models.ForeignKey(
        Author, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    pace = models.CharField(_("how often"), max_length=6, choices=MailPace, default=MailPace.ONCE)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    # When the person said yes: here, with a press of a button, or at the `source`.
    consented_at = models.DateTimeField(_("consent given"), default=timezone.now, db_default=Now())
    # Where the address was confirmed when that was not here: it came in with a list.
    source = models.CharField(
        _("consent given at"), max_length=120, blank=True, default="", db_default=""
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "author", "tag"],
                name="newsletter_subscription_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(author=None) | Q(tag=None), name="newsletter_subscription_to_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.author or self.tag or _("everything"))


class Ended(models.Model):
    """A person stopped a subscription: no list that comes in begins it again.

    Without author and tag it is all articles, or everything at once.
    """

    person = models.ForeignKey(
        Commenter, verbose_name=_("person"), on_delete=models.CASCADE, related_name="ended"
    )
    author = models.ForeignKey(
        Author, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("ended subscription")
        verbose_name_plural = _("ended subscriptions")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "author", "tag"],
                name="newsletter_ended_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return str(self.author or self.tag or _("everything"))


class EditionState(models.TextChoices):
    """How far an edition is."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    SENT = "sent", _("sent")
    STOPPED = "stopped", _("stopped")


class Edition(models.Model):
    """A newsletter that an editor writes: own words, and articles of choice."""

    subject = models.CharField(_("subject"), max_length=160)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=site_language
    )
    other_languages = models.BooleanField(
        _("also to readers in other languages"),
        default=False,
        help_text=_("Otherwise it goes to those who get mail in its language."),
    )
    picture = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Stands above the text."),
    )
    # What the editor holds, and what is made of it for the mail.
    body_source = models.TextField(_("text"), blank=True)
    body_html = models.TextField(editable=False, blank=True)
    # The pictures in the text, by number (blog.reading.picture_uses).
    figures = ArrayField(models.BigIntegerField(), editable=False, default=list, db_default=[])
    text = models.CharField(
        _("of each article"), max_length=4, choices=MailText, default=MailText.LEAD
    )
    articles: models.ManyToManyField[Article, EditionArticle] = models.ManyToManyField(
        Article, through="EditionArticle", related_name="+", verbose_name=_("articles")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=EditionState, default=EditionState.DRAFT, editable=False
    )
    send_at = models.DateTimeField(_("goes out"), null=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("newsletter of one's own")
        verbose_name_plural = _("newsletters of one's own")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["send_at"],
                name="newsletter_edition_due",
                condition=Q(state="scheduled"),
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether it may still be changed: nobody has it."""
        return self.state in (EditionState.DRAFT, EditionState.SCHEDULED)


class EditionArticle(models.Model):
    """An article in an edition, in its order."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="edition_articles")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "article"], name="newsletter_editionarticle_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.article)


class Issue(models.Model):
    """One sending: of an article, of a week's articles, or of an edition written for it."""

    article = models.OneToOneField(
        Article, verbose_name=_("article"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    edition = models.OneToOneField(
        Edition,
        verbose_name=_("edition"),
        on_delete=models.PROTECT,
        null=True,
        related_name="issue",
    )
    title = models.CharField(_("title"), max_length=200)
    # Of a week: from when to when its articles were published.
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True, unique=True)
    # Every person up to this number has their mail; the next batch goes on from there.
    reached = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    # The last sign of life of its batches.
    touched_at = models.DateTimeField(default=timezone.now)
    # All mails are made, or none may go out any more.
    finished_at = models.DateTimeField(_("all mails made"), null=True)
    # How many mails of each state were deleted since (`jobs.forget_mails`): the record keeps them.
    forgotten = models.JSONField(default=dict)
    _counts: Counter[str] | None = None

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], name="newsletter_issue_unfinished", condition=Q(finished_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.title

    def counts(self) -> dict[str, int]:
        """How many mails it has in each state, deleted ones too; one query, the first time."""
        if self._counts is None:
            rows = self.mails.order_by().values_list("state").annotate(Count("pk"))
            self._counts = Counter(dict(rows)) + Counter(self.forgotten)
        return self._counts


class Mail(Outgoing):
    """One mail of a sending to one person; what it says is made at the moment of sending.

    Twenty thousand copies of a text are not stored: of each its subject is.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="mails")
    person = models.ForeignKey(
        Commenter,
        verbose_name=_("to"),
        on_delete=models.CASCADE,
        related_name="newsletter_mails",
    )

    class Meta(Outgoing.Meta):
        constraints = [
            models.UniqueConstraint(fields=["issue", "person"], name="newsletter_mail_once")
        ]
        indexes = [
            models.Index(
                fields=["issue", "id"],
                name="newsletter_mail_waiting",
                condition=Q(state="queued"),
            ),
            models.Index(fields=["id"], name="newsletter_mail_failed", condition=Q(state="failed")),
        ]

    @property
    def address(self) -> str:
        """The person's."""
        return self.person.address

    @property
    def message_id_stem(self) -> str:
        """Its own number."""
        return f"newsletter.{self.pk}"

    def is_wanted(self) -> bool:
        """Whether mail may go to the person's address."""
        person = self.person
        if not person.email or person.bounced_at is not None or person.trust == Trust.BLOCKED:
            return False
        return person.confirmed_at is not None or person.newsletters.exclude(source="").exists()

    def address_refused(self, now: datetime.datetime) -> None:
        """Nothing is sent to the person any more."""
        Commenter.objects.filter(pk=self.person_id).update(bounced_at=now)
