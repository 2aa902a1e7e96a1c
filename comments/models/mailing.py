"""What mail goes out: who follows what, and every mail to one person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models import Article
from comments.models.comment import Comment
from comments.models.people import Commenter


class Subscription(models.Model):
    """A person follows a whole article's conversation, or what is under one comment."""

    commenter = models.ForeignKey(
        Commenter, verbose_name=_("person"), on_delete=models.CASCADE, related_name="subscriptions"
    )
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )
    # None: everything under the article.
    comment = models.ForeignKey(
        Comment,
        verbose_name=_("comment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="followers",
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "commenter", "comment"],
                name="comments_subscription_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.commenter_id} {self.article_id} {self.comment_id or ''}"


class DeliveryState(models.TextChoices):
    """How far a mail came."""

    COLLECTED = "digest", _("for the daily mail")
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("not sent: no longer wanted or allowed")


class Delivery(models.Model):
    """One mail to one person, made in the transaction of what it tells."""

    # Names what it is about, "confirm 12" or "credited 345": never told twice.
    event = models.CharField(_("occasion"), max_length=80)
    commenter = models.ForeignKey(
        Commenter, verbose_name=_("to"), on_delete=models.CASCADE, related_name="deliveries"
    )
    # What it tells of; checked again at the moment of sending: only what readers may see.
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    html = models.TextField(blank=True)
    # Headers beyond the usual ones: threading, unsubscribing, the address to answer to.
    headers = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    # The mail server's words.
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "commenter"], name="comments_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["state", "id"],
                name="comments_delivery_waiting",
                condition=Q(state__in=["queued", "digest"]),
            )
        ]

    def __str__(self) -> str:
        return self.subject
