"""Commenters, and visits of accounts."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from blog.models.article import site_language


class Trust(models.TextChoices):
    """Trust level of a commenter."""

    NEW = "new", _("New")
    KNOWN = "known", _("Known")
    TRUSTED = "trusted", _("Trusted")
    BLOCKED = "blocked", _("Blocked")


class Pace(models.TextChoices):
    """How often a person gets mail."""

    ONCE = "once", _("at once")
    DAILY = "daily", _("once a day, together")


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
        help_text=_(
            "Comments of known people appear at once from browsers in which they confirmed their "
            "address, unless the settings hold all."
        ),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=site_language
    )
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    # Set by the button behind a link that was mailed to the address: mail may go there. It gives
    # no comment a right; see `comments.thread.access.is_proven`.
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    muted = models.BooleanField(
        _("wants no mail"), default=False, help_text=_("Set by the person, on the own page.")
    )
    pace = models.CharField(_("mail"), max_length=5, choices=Pace, default=Pace.ONCE)
    # Goes up when trust is taken away: browsers that confirmed before are believed no more.
    proof_number = models.PositiveIntegerField(default=0, editable=False)
    # The mail server said for good that nobody reads the address; nothing is sent any more.
    bounced_at = models.DateTimeField(_("address refused"), null=True, blank=True)
    # The person asked to be forgotten, and that is not finished (comments.commenters.forgetting).
    erase_asked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("commenter")
        verbose_name_plural = _("commenters")
        indexes = [
            models.Index(
                fields=["id"],
                name="comments_commenter_erasing",
                condition=models.Q(erase_asked_at__isnull=False),
            ),
            # Parts of names and addresses, as the admin's search looks for them (`icontains`).
            *(
                GinIndex(
                    OpClass(Upper(column), name="gin_trgm_ops"), name=f"comments_person_{column}"
                )
                for column in ("name", "email")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where mail goes: the own address, or the account's; empty when there is none."""
        return self.email or (self.user.email if self.user else "")


class Visits(models.Model):
    """When a logged-in reader saw an article's conversation, so that it follows their devices."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("blog.Article", on_delete=models.CASCADE, related_name="+")
    # Seconds since 1970, oldest first, the last twenty.
    times = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "article"], name="comments_visits_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.article_id}"
