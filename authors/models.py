"""Who writes: accounts and the authors that readers see."""

import datetime
import enum
import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin

from core.addresses import folded
from core.outbox import Outgoing
from core.sorting import AlphabeticalOrder


class User(AbstractUser):  # type: ignore[django-manager-missing] # the package has no types
    """An account that can log in. What readers see of a person is their `Author`."""

    language = models.CharField(
        _("language of the admin"), max_length=5, choices=settings.LANGUAGES, blank=True
    )
    article_mail = models.BooleanField(
        _("mail about articles"),
        default=True,
        help_text=_("When an article is submitted, returned, scheduled or published."),
    )

    # Goes up to end all sessions but the one that asks for it.
    session_version = models.PositiveIntegerField(default=0, editable=False)
    # When an account that must have a second factor can no longer do without.
    second_factor_due = models.DateTimeField(null=True, editable=False)
    # What `second_factor.must` found for this request.
    must_have_factor: bool | None = None

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def shown_name(self) -> str:
        """What the account is called where it has no author."""
        return self.get_full_name() or self.get_username()

    @property
    def public_name(self) -> str:
        """What readers and colleagues call its holder: the author's name where there is one."""
        author = getattr(self, "author", None)
        return author.name if author else self.shown_name

    def get_session_auth_hash(self) -> str:
        """What a session holds of its account; another value ends the session."""
        return self._with_version(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under earlier secret keys."""
        for found in super().get_session_auth_fallback_hash():
            yield self._with_version(found)

    def _with_version(self, found: str) -> str:
        if not self.session_version:
            return found
        return hashlib.sha256(f"{found}:{self.session_version}".encode()).hexdigest()


class AccountMailKind(enum.StrEnum):
    """What a mail about an account is for."""

    RESET = "reset"
    """The link for a forgotten password."""
    FIRST = "first"
    """The link for the first password."""
    FACTOR = "factor"
    """Something happened to the account's second factor."""


class AccountMail(Outgoing):
    """A mail about an account to its owner: a new password, a first one, the second factor."""

    KINDS = frozenset(AccountMailKind)
    RESET_HOURS = 6
    """A link that was asked for is not mailed later than this: nobody waits for it any more."""

    user = models.ForeignKey(
        User, verbose_name=_("to"), on_delete=models.CASCADE, related_name="account_mails"
    )
    # The account's address when the mail was made: an alarm goes there, whatever it is by now.
    to_address = models.EmailField(_("e-mail address"))
    # An `AccountMailKind`.
    kind = models.CharField(max_length=10, default="", db_default="", editable=False)

    class Meta(Outgoing.Meta):
        verbose_name = _("mail about an account")
        verbose_name_plural = _("mails about accounts")
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="authors_accountmail_once")
        ]

    @property
    def address(self) -> str:
        """Where the account's mail went when this one was made."""
        return self.to_address

    @property
    def message_id_stem(self) -> str:
        """The id of the row."""
        return f"account-mail.{self.pk}"

    def is_wanted(self) -> bool:
        """Alarms always; a link only while it can be of use to who asked for it.

        The account is in use and has the same address; a first password is not set yet; a
        forgotten one was asked for in the last hours.
        """
        if self.kind == AccountMailKind.FACTOR:
            return True
        user = self.user
        if not user.is_active or folded(user.email) != folded(self.to_address):
            return False
        if self.kind == AccountMailKind.FIRST:
            return not user.has_usable_password()
        return timezone.now() - self.created_at < datetime.timedelta(hours=self.RESET_HOURS)


class RecoveryCodes(ThrottlingMixin, Device):  # type: ignore[misc]
    """One-time recovery codes of the second factor, stored as digests."""

    digests = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        verbose_name = _("recovery codes")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user"], name="authors_recoverycodes_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {len(self.digests)}"

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first wrong code; doubled by each further one."""
        return 1

    def verify_token(self, token: str) -> bool:
        """Whether `token` is one of the codes; it is used up then. The row must be locked."""
        if not self.verify_is_allowed()[0]:
            return False
        digest = hashlib.sha256(token.encode()).hexdigest()
        if digest not in self.digests:
            self.throttle_increment()
            return False
        self.digests = [other for other in self.digests if other != digest]
        self.throttle_reset(commit=False)
        self.save()
        return True


class Author(models.Model):
    """A name above articles, with or without a login (guest authors have none)."""

    user = models.OneToOneField(
        User,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        help_text=_("Leave empty for a guest author, who does not log in."),
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=80, unique=True, allow_unicode=False)
    role = models.CharField(
        _("role"), max_length=120, blank=True, help_text=_("For example: HR business partner.")
    )
    bio = models.TextField(
        _("bio"),
        max_length=2000,
        blank=True,
        help_text=_("Two to four sentences; shown under every article. Blank lines separate."),
    )
    photo = models.ImageField(
        _("photo"),
        upload_to="authors",
        blank=True,
        help_text=_("Square pictures look best; the middle of other pictures is used."),
    )
    # Names of the square renditions of the photo, by size in pixels: {"96": "authors/…"}.
    photo_renditions = models.JSONField(default=dict, blank=True, editable=False)
    website = models.URLField(
        _("website"), blank=True, help_text=_("Its host is shown as “by … from …” with articles.")
    )

    affiliation = models.CharField(
        _("writes for"),
        max_length=80,
        blank=True,
        help_text=_("Shown as “by … from …”; empty: the host of the website, if there is one."),
    )
    former = models.BooleanField(
        _("wrote here before"),
        default=False,
        help_text=_("Keeps the page and the pieces; is not offered for new ones."),
    )

    # Goes up with every change; part of the ETag of the pages that show this author.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = [AlphabeticalOrder("name", person=True), "name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The author's page."""
        return reverse("authors:author", args=[self.slug])

    @property
    def site_name(self) -> str:
        """The host of the website without `www.`, or an empty text."""
        host = self.website.partition("://")[2].partition("/")[0].rpartition("@")[2]
        return host.partition(":")[0].removeprefix("www.")

    @property
    def house(self) -> str:
        """For whom the author writes, as the byline says it."""
        return self.affiliation or self.site_name


class ProfileLink(models.Model):
    """A link to another page of the author."""

    author = models.ForeignKey(
        Author, verbose_name=_("author"), on_delete=models.CASCADE, related_name="links"
    )
    label = models.CharField(_("label"), max_length=40, help_text=_("For example: LinkedIn."))
    url = models.URLField(_("address"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("profile link")
        verbose_name_plural = _("profile links")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class Tally(models.Model):
    """Counter of uses of a row of `authors.limits.LIMITS` until it expires.

    The key is a keyed hash of the row's name and of who is counted: nothing leads back.
    """

    key = models.BinaryField(primary_key=True, max_length=16)
    used = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")

    def __str__(self) -> str:
        return f"{self.used} until {self.until:%Y-%m-%d %H:%M}"
