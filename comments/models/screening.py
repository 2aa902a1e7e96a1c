"""Rules, spam filter data, bans, reports and appeals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.people import Commenter


class Target(models.TextChoices):
    """Which part of a comment a rule looks at."""

    TEXT = "text", _("the text")
    LINK = "link", _("addresses of links and the website")
    NAME = "name", _("the name")
    EMAIL = "email", _("the e-mail address")


class Match(models.TextChoices):
    """How the pattern of a rule matches."""

    WORD = "word", _("whole word")
    PART = "part", _("part of a word")
    REGEX = "regex", _("regular expression")


class Effect(models.TextChoices):
    """What a rule does with a comment that it catches."""

    HOLD = "hold", _("hold for approval")
    REFUSE = "refuse", _("refuse")
    SPAM = "spam", _("mark as spam")


class Rule(models.Model):
    """One pattern that the editors hold or refuse comments by."""

    target = models.CharField(_("looks at"), max_length=5, choices=Target, default=Target.TEXT)
    match = models.CharField(_("reads as"), max_length=5, choices=Match, default=Match.WORD)
    pattern = models.CharField(
        _("pattern"), max_length=300, help_text=_("Capitals and accents make no difference.")
    )
    effect = models.CharField(_("does"), max_length=6, choices=Effect, default=Effect.HOLD)
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For colleagues; writers never see it.")
    )
    active = models.BooleanField(
        _("switched on"),
        default=False,
        help_text=_("Try it on the comments of the past year first."),
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    # What processes keep compiled is looked at again after the latest change.
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["target", "pattern"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "match", "pattern"], name="comments_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_target_display()}: {self.pattern}"


class FilterWord(models.Model):
    """How often a feature was seen in spam and in wanted comments on this site."""

    word = models.CharField(max_length=64, primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    ham = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.word} {self.spam}/{self.ham}"


class Lesson(models.Model):
    """One decision that the filter learnt from, with what it had thought before."""

    comment = models.OneToOneField(
        Comment, verbose_name=_("comment"), on_delete=models.CASCADE, related_name="lesson"
    )
    spam = models.BooleanField()
    # The filter's own view before it learnt this: what its published error rates count.
    score = models.FloatField()
    # What was counted, so that an undone decision can be unlearnt exactly.
    features = models.JSONField(default=list)
    created_at = models.DateTimeField(_("decided"), auto_now=True)

    class Meta:
        # Its page in the admin tells how the filter does.
        verbose_name = _("what the spam filter learnt")
        verbose_name_plural = _("spam filter")

    def __str__(self) -> str:
        return f"{self.comment_id} {'spam' if self.spam else 'ham'} {self.score:.2f}"


class Ban(models.Model):
    """A ban of a person, addresses or a network."""

    commenter = models.ForeignKey(
        Commenter,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="bans",
    )
    email = models.CharField(
        _("e-mail addresses"),
        max_length=200,
        blank=True,
        help_text=_("An address, or a pattern: *@example.org"),
    )
    # The first 8 bytes of a client's keyed hash are its network's, all 16 the address's.
    network = models.BinaryField(max_length=16, null=True, editable=False)
    # The keyed hash of an address whose owner was forgotten (comments.screening.bans.address_mark).
    mark = models.BinaryField(max_length=16, null=True, editable=False)
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("The person gets to read it.")
    )
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until it is lifted.")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(commenter__isnull=False)
                | ~Q(email="")
                | Q(network__isnull=False)
                | Q(mark__isnull=False),
                name="comments_ban_somebody",
            )
        ]

    @property
    def is_over(self) -> bool:
        """Whether it holds nobody any more."""
        return self.until is not None and self.until <= timezone.now()

    def __str__(self) -> str:
        unnamed = _("a network") if self.network else _("somebody who was erased")
        return str(self.commenter or self.email or unnamed)


class Complaint(models.TextChoices):
    """What a reader says is wrong with a comment."""

    SPAM = "spam", _("spam or advertising")
    INSULT = "insult", _("insulting or hateful")
    PRIVATE = "private", _("somebody's private matters")
    FALSE = "false", _("harmful untruth")
    OTHER = "other", _("something else")


class Outcome(models.TextChoices):
    """What came of a report or an appeal."""

    OPEN = "open", _("not decided")
    UPHELD = "upheld", _("found right")
    DISMISSED = "dismissed", _("not found right")
    GONE = "gone", _("not decided: the comment went first")


class Report(models.Model):
    """A reader's word that a comment should be looked at."""

    comment = models.ForeignKey(
        Comment, verbose_name=_("comment"), on_delete=models.CASCADE, related_name="reports"
    )
    complaint = models.CharField(_("complaint"), max_length=8, choices=Complaint)
    note = models.CharField(_("explanation"), max_length=500, blank=True)
    # Only to send word of the outcome; dropped with it.
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    # A keyed hash of the client's address: one report each, and a limit.
    client = models.BinaryField(max_length=16, null=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, default=Outcome.OPEN)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "client"], name="comments_report_once")
        ]
        indexes = [
            models.Index(
                fields=["comment"], name="comments_report_open", condition=Q(outcome="open")
            ),
            models.Index(
                fields=["client", "created_at"],
                name="comments_report_client",
                condition=Q(client__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_complaint_display()} {self.created_at:%Y-%m-%d %H:%M}"


class Appeal(models.Model):
    """The one time that a writer asks to look again at a refused or removed comment."""

    comment = models.OneToOneField(
        Comment, verbose_name=_("comment"), on_delete=models.CASCADE, related_name="appeal"
    )
    text = models.CharField(_("text"), max_length=1000)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, default=Outcome.OPEN)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="comments_appeal_open", condition=Q(outcome="open"))
        ]

    def __str__(self) -> str:
        return self.text[:60]
