"""Workflow steps of articles, and preview links."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.article import Article

LONGEST_NOTE = 4000


class Step(models.TextChoices):
    """Kind of workflow step."""

    SUBMITTED = "submitted", _("submitted")
    RECALLED = "recalled", _("taken back")
    RETURNED = "returned", _("returned")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")
    REOPENED = "reopened", _("made a draft again")
    REMARKED = "remarked", _("remark")
    CORRECTED = "corrected", _("changed after publication")


class WorkflowStep(models.Model):
    """One step of an article, kept with it; authors and editors both read it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    # None: the worker, at the minute for which it was scheduled; or an account that is gone.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    note = models.TextField(_("remark"), blank=True, validators=[MaxLengthValidator(LONGEST_NOTE)])
    # For when it was scheduled, as it stood then.
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} {self.step}"


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    """Links, the newest first."""

    def active(self) -> PreviewLinkQuerySet:
        """Links that still work."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class PreviewLink(models.Model):
    """A secret address at which anybody who has it reads an article before it is published."""

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="preview_links"
    )
    label = models.CharField(
        _("for whom"), max_length=80, blank=True, help_text=_("For your own memory.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label or str(self.pk)

    @property
    def is_active(self) -> bool:
        """Whether it still opens; the same rule as `active`."""
        return self.revoked_at is None and self.expires_at > timezone.now()
