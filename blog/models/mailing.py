"""Mails as rows: what every log of mails has in common, and those about articles."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.article import Article


class DeliveryState(models.TextChoices):
    """How far a mail came."""

    COLLECTED = "digest", _("for the daily mail")
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("not sent: no longer wanted or allowed")


class Outgoing(models.Model):
    """One mail to one person, made in the transaction of what it tells; `blog.mail` sends it."""

    # Names what it is about, "confirm 12" or "credited 345": never told twice to one person.
    event = models.CharField(_("occasion"), max_length=80)
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
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject

    @property
    def address(self) -> str:
        """Where it goes; empty when the person has no address any more."""
        raise NotImplementedError

    @property
    def message_id_stem(self) -> str:
        """What its Message-ID begins with: the same for every try."""
        raise NotImplementedError

    def is_wanted(self) -> bool:
        """Whether it may still go out at the moment of sending."""
        raise NotImplementedError

    def put_off(self, now: datetime.datetime) -> datetime.timedelta | None:
        """How long it must wait yet; None: it may go out."""
        return None

    def address_refused(self, now: datetime.datetime) -> None:
        """The mail server said for good that nobody reads the address."""
        raise NotImplementedError


class ArticleMail(Outgoing):
    """A mail to an account about an article's way to its readers."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        on_delete=models.CASCADE,
        related_name="article_mails",
    )
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Outgoing.Meta):
        verbose_name = _("mail about an article")
        verbose_name_plural = _("mails about articles")
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="blog_articlemail_once")
        ]
        indexes = [
            models.Index(
                fields=["state", "id"],
                name="blog_articlemail_waiting",
                condition=models.Q(state="queued"),
            )
        ]

    @property
    def address(self) -> str:
        """The account's address."""
        return self.user.email

    @property
    def message_id_stem(self) -> str:
        """Its own number."""
        return f"article-mail.{self.pk}"

    def is_wanted(self) -> bool:
        """The account is in use, has an address, and takes this mail."""
        return bool(self.user.is_active and self.user.email and self.user.article_mail)

    def address_refused(self, now: datetime.datetime) -> None:
        """Nothing: an account's address is its owner's to mend, and the log shows the fault."""
