"""Subscriptions to conversations, and mails to commenters."""

from __future__ import annotations

import datetime
import enum

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from authors import limits
from blog.models import Article
from comments.models.comment import Comment, State
from comments.models.people import Commenter, Pace
from core.outbox import DeliveryState, Outgoing


class MailKind(enum.StrEnum):
    """What a mail is for."""

    CONFIRM = "confirm"
    """Asks the reader of an address whether a comment is theirs."""
    FOLLOW = "follow"
    """The link that begins following a conversation."""
    JOIN = "join"
    """The link that begins a subscription to the newsletter."""
    MINE = "mine"
    """The link to the own comments."""
    COMMENT = "comment"
    """Tells of a new comment."""
    DIGEST = "digest"
    """A day's new comments together."""
    HELD = "held"
    """Tells a moderator of a comment that waits."""
    DECIDED = "decided"
    """Tells the writer what was decided about their comment."""
    CREDITED = "credited"
    """Tells the writer that their comment changed the article."""
    REPORT = "report"
    """Tells a reader what came of their report."""
    UNPOSTED = "unposted"
    """An answer by mail was not posted."""
    UNSURE = "unsure"
    """An answer by mail waits, as it was not plain what of it is the answer."""
    LEFT_OUT = "left_out"
    """An answer by mail was taken without its pictures and files."""
    SAMPLE = "sample"
    """A newsletter that a colleague tries out."""


# Mails that anybody can have sent to an address that is not his: as many go out as `authors.limits`
# says, the others wait. A flood of forged comments must not become a flood of mails to strangers.
STRANGERS = {
    "strangers-confirm": (MailKind.CONFIRM,),
    "strangers-follow": (MailKind.FOLLOW, MailKind.JOIN),
    "strangers-report": (MailKind.REPORT,),
}
"""The kinds of mail that each row of the limits counts."""

# Mails that tell of a comment to who may see it when readers may not: its writer, and who decides.
UNSEEN = (MailKind.HELD, MailKind.DECIDED, MailKind.UNSURE, MailKind.LEFT_OUT)


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
    # Mail about it comes at once, unless all of the person's mail is daily.
    pace = models.CharField(
        _("how often"), max_length=5, choices=Pace, default=Pace.ONCE, db_default=Pace.ONCE
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


class HeldMail(models.Model):
    """The text of the mail that a comment came in, for who decides what of it is the comment.

    Without addresses of mailboxes and signed pages. It goes when the comment no longer waits.
    """

    comment = models.OneToOneField(
        Comment, verbose_name=_("comment"), on_delete=models.CASCADE, related_name="held_mail"
    )
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.comment_id}"


class Delivery(Outgoing):
    """One mail to one person of the conversation."""

    KINDS = frozenset(MailKind)

    # A `MailKind`; "" or another word for one that another release made.
    kind = models.CharField(max_length=10, default="", db_default="", editable=False)
    commenter = models.ForeignKey(
        Commenter, verbose_name=_("to"), on_delete=models.CASCADE, related_name="deliveries"
    )
    # What it tells of; checked again at the moment of sending: only what readers may see.
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta(Outgoing.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["event", "commenter"], name="comments_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["state", "id"],
                name="comments_delivery_waiting",
                condition=Q(state__in=["queued", "digest"]),
            ),
            models.Index(
                fields=["id"], name="comments_delivery_failed", condition=Q(state="failed")
            ),
        ]

    @property
    def address(self) -> str:
        """The person's."""
        return self.commenter.address

    @property
    def message_id_stem(self) -> str:
        """For a comment the one that answers to it refer to."""
        if self.comment_id and self.kind == MailKind.COMMENT:
            return f"comment.{self.comment_id}.{self.commenter_id}"
        return f"delivery.{self.pk}"

    def is_wanted(self) -> bool:
        """The address is good, and what it tells of is to be read.

        Nothing is to be confirmed any more once the comment was refused.
        """
        if not self.address or self.commenter.bounced_at is not None:
            return False
        if self.kind == MailKind.CONFIRM:
            wanted = (State.PENDING, State.APPROVED)
            written = self.commenter.comments.filter(state__in=wanted)
            # Those queued before a mail was about one comment were about all of them.
            return (written.filter(pk=self.comment_id) if self.comment_id else written).exists()
        if self.comment is None or self.kind in UNSEEN:
            return True
        return Comment.objects.public().filter(pk=self.comment.pk).exists()

    def put_off(self, now: datetime.datetime) -> datetime.timedelta | None:
        """How long it waits when as many mails of its kind as may went to strangers lately."""
        row = next((row for row, kinds in STRANGERS.items() if self.kind in kinds), None)
        if row is None:
            return None
        since = now - datetime.timedelta(seconds=limits.LIMITS[row].seconds)
        sent = Delivery.objects.filter(
            kind__in=STRANGERS[row], state=DeliveryState.SENT, sent_at__gt=since
        )
        full = sent.count() >= limits.most(row)
        return datetime.timedelta(minutes=10) if full else None

    def address_refused(self, now: datetime.datetime) -> None:
        """Nothing is sent to the person any more."""
        Commenter.objects.filter(pk=self.commenter_id).update(bounced_at=now)
