"""Imported rows and their keys at the source, moves and exports."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _

_ENDING = re.compile(r"\.[a-z0-9]{1,10}")


class ImportedKind(models.TextChoices):
    """What a foreign key names."""

    PERSON = "person"
    TAG = "tag"
    PICTURE = "picture"
    ARTICLE = "article"
    PAGE = "page"
    COMMENT = "comment"
    ACCOUNT = "account"
    MENU = "menu"


class Imported(models.Model):
    """One thing of another site that was stored here, so that a second import finds it."""

    # What came in from where: "wordpress:blog.example".
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=ImportedKind)
    key = models.CharField(max_length=300)
    # The row here, which may have been deleted since.
    number = models.PositiveBigIntegerField()
    # Of the record that was stored: the same record again changes nothing.
    digest = models.BinaryField(max_length=16)
    # Of the row as it was stored: another one now was changed by somebody here.
    stored = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "key"], name="interchange_imported_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.key}"


class MoveState(models.TextChoices):
    """State of a move."""

    RUNNING = "running", _("under way")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped by a fault")


class PrivateFiles(FileSystemStorage):
    """Where exports lie: strangers' addresses are in them, so no web server reaches it."""

    @property
    def base_location(self) -> str:
        """Below the directory of everything that the running site writes."""
        return str(settings.VAR_DIR / "imports")

    @property
    def location(self) -> str:
        """The same, absolute."""
        return os.path.abspath(self.base_location)


def private_files() -> PrivateFiles:
    """The storage, named so by the migration."""
    return PrivateFiles(file_permissions_mode=0o600, directory_permissions_mode=0o700)


def private_name(move: Move, name: str) -> str:
    """A name that nobody chose; of the given one its ending stays."""
    ending = PurePosixPath(name).suffix.lower()
    ending = ending if _ENDING.fullmatch(ending) else ""
    return f"{secrets.token_hex(16)}{ending}"


class Move(models.Model):
    """An export that an owner brought to the admin, and how far it is."""

    kind = models.CharField(_("comes from"), max_length=12)
    file = models.FileField(
        _("export"),
        upload_to=private_name,
        storage=private_files,
        help_text=_("The file as the other system gives it, or a zip with all its files."),
    )
    media = models.FileField(
        _("pictures"),
        upload_to=private_name,
        storage=private_files,
        blank=True,
        help_text=_("A zip of the pictures: of WordPress, the folder wp-content/uploads."),
    )
    # What was chosen: interchange.choices.
    options = models.JSONField(default=dict, editable=False)
    dry_run = models.BooleanField(default=True, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=MoveState, default=MoveState.RUNNING, editable=False
    )
    # interchange.apply.run.Position, and how much there is of its step.
    step = models.CharField(max_length=10, default="reading", editable=False)
    number = models.PositiveBigIntegerField(default=0, editable=False)
    done = models.PositiveBigIntegerField(default=0, editable=False)
    total = models.PositiveBigIntegerField(default=0, editable=False)
    report = models.JSONField(default=dict, editable=False)
    fault = models.CharField(max_length=300, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("move in")
        verbose_name_plural = _("moves in")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"


class Form(models.TextChoices):
    """Format of an export."""

    ARCHIVE = "archive", _("archive: everything, for another Weerwoord")
    WORDPRESS = "wordpress", _("WordPress (WXR): articles with their conversations")
    HTML = "html", _("copy to read: the public pages, without a server")


class ExportState(models.TextChoices):
    """State of an export."""

    WAITING = "waiting", _("waits for the worker")
    WORKING = "working", _("is being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Export(models.Model):
    """A file that the worker makes to be taken away; it is deleted after some days."""

    form = models.CharField(
        _("form"),
        max_length=9,
        choices=Form,
        default=Form.ARCHIVE,
        help_text=_(
            "Made in the background: open the list again to see how far it is. The file lies ready "
            "for a week. Archive and WordPress file hold personal data: keep them private."
        ),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.CASCADE,
        editable=False,
        related_name="+",
    )
    # Whose articles; None: the whole site's.
    author = models.ForeignKey(
        "authors.Author",
        verbose_name=_("articles of"),
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=7, choices=ExportState, default=ExportState.WAITING, editable=False
    )
    # Rows, pages or pictures written so far.
    done = models.PositiveIntegerField(default=0, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    fault = models.CharField(_("what went wrong"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.pk}"
