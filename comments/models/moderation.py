"""Moderation log and ready-made reasons."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.article import site_language
from comments.models.comment import Comment
from comments.models.log_signals import Signal


class Action(models.TextChoices):
    """What a moderation event records."""

    HELD = "held", _("held")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("refused")
    SPAM = "spam", _("marked as spam")
    REMOVED = "removed", _("removed")
    DELETED = "deleted", _("deleted by the writer")
    EDITED = "edited", _("edited by the writer")
    CONFIRMED = "confirmed", _("address confirmed")
    FEATURED = "featured", _("featured")
    CREDITED = "credited", _("credited in the article")
    REPORTED = "reported", _("reported by a reader")
    DISMISSED = "dismissed", _("report found wrong")
    APPEALED = "appealed", _("asked to look again")
    UNDONE = "undone", _("decision taken back")
    REWORDED = "reworded", _("text changed by a moderator")
    BANNED = "banned", _("person banned")
    UNBANNED = "unbanned", _("ban lifted")


class ModerationEvent(models.Model):
    """Who decided what about a comment, and why. Rows are only added: `comments.moderation.log`.

    A row goes with its comment and loses its actor with the account: the database's keys do that
    (migration 0009), hence DO_NOTHING here.
    """

    # None of a ban that no comment was the occasion for.
    comment = models.ForeignKey(
        Comment,
        verbose_name=_("comment"),
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="events",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
    )
    action = models.CharField(_("decision"), max_length=10, choices=Action.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # What spoke for it (comments.models.log_signals).
    signals = models.JSONField(_("signals"), default=list, blank=True)
    # How things stood before a person's decision: what taking it back restores
    # (comments.moderation.undo).
    before = models.JSONField(default=dict, editable=False)
    # The decision that this one takes back; none is taken back twice.
    undoes = models.OneToOneField(
        "self", on_delete=models.DO_NOTHING, null=True, editable=False, related_name="undone_by"
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("moderation event")
        verbose_name_plural = _("moderation log")
        ordering = ["-id"]
        indexes = [
            # For the figures: the last decisions of people.
            models.Index(
                models.F("id").desc(),
                name="comments_event_decided",
                condition=models.Q(actor__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def spoke_for_it(self) -> list[Signal]:
        """The signals."""
        return [Signal.of(one) for one in self.signals]


class ReadyReason(models.Model):
    """A reason that moderators choose instead of typing it; writers and readers see its words."""

    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=site_language
    )
    words = models.CharField(_("words"), max_length=300)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Its place in the list, and its key: 1 to 9.")
    )

    class Meta:
        verbose_name = _("ready-made reason")
        verbose_name_plural = _("ready-made reasons")
        ordering = ["language", "position", "pk"]

    def __str__(self) -> str:
        return self.words


class Claim(models.Model):
    """The comment that a moderator looks at in the queue, so that colleagues take another.

    One for a moderator and one for a comment; it lapses (`comments.moderation.claims`).
    """

    # Without a constraint: to check it would wait for a decision that waits for the claim.
    comment = models.OneToOneField(
        Comment,
        verbose_name=_("comment"),
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="claim",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"{self.comment_id} {self.user_id}"
