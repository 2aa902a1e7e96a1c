"""Site settings, redirects, and the vocabulary of the search."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from authors.roles import FactorFor
from blog.models.article import Article, Hold

SHARE_NETWORKS = (
    ("linkedin", "LinkedIn"),
    ("mastodon", "Mastodon"),
    ("bluesky", "Bluesky"),
    ("whatsapp", "WhatsApp"),
    ("x", "X"),
    ("facebook", "Facebook"),
    ("email", _("E-mail")),
)


def default_networks() -> list[str]:
    """All networks, in their usual order."""
    return [key for key, _label in SHARE_NETWORKS]


class MailText(models.TextChoices):
    """What the newsletter's mails hold of an article."""

    LEAD = "lead", _("the lead, with a link to the rest")
    FULL = "full", _("the whole text")


class SiteSettings(models.Model):
    """The singleton row of settings."""

    title = models.CharField(_("title"), max_length=80, default="Weerwoord")
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    invitation = models.CharField(
        _("invitation"),
        max_length=300,
        blank=True,
        help_text=_("Asked above the conversation; empty for the usual sentence."),
    )
    invitation_translated = models.CharField(
        _("invitation in the other language"),
        max_length=300,
        blank=True,
        help_text=_(
            "Asked under articles in the site's other language; empty for the usual sentence."
        ),
    )
    footer_text = models.TextField(
        _("footer text"), blank=True, validators=[MaxLengthValidator(500)]
    )
    logo = models.ForeignKey(
        "blog.Image",
        verbose_name=_("logo"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Shown beside the title, 32 pixels high."),
    )
    logo_dark = models.ForeignKey(
        "blog.Image",
        verbose_name=_("logo on dark"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("For who reads light on dark. Empty: the same picture."),
    )
    # Six hexadecimal digits; empty: the site's own colour.
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    accent_dark = models.CharField(_("accent colour on dark"), max_length=7, blank=True)
    featured = models.ForeignKey(
        Article,
        verbose_name=_("featured article"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Stands first on the front page."),
    )
    # What menus and pages say, by place, as label and address; written by `blog.publishing.pages`.
    links = models.JSONField(default=dict, blank=True, editable=False)
    newsletter = models.BooleanField(
        _("offer a newsletter"),
        default=True,
        help_text=_("Readers subscribe to everything, to an author or to a subject."),
    )
    newsletter_text = models.CharField(
        _("the newsletter holds"),
        max_length=4,
        choices=MailText,
        default=MailText.LEAD,
        db_default=MailText.LEAD.value,
        help_text=_("A mail with several articles, such as the weekly one, holds leads."),
    )
    share_networks = models.JSONField(_("share to"), default=default_networks, blank=True)
    authors_publish = models.BooleanField(
        _("authors publish their own articles"),
        default=False,
        help_text=_("Otherwise they submit them, and an editor publishes."),
    )
    second_factor_for = models.CharField(
        _("who must have a second factor"),
        max_length=8,
        choices=FactorFor,
        default=FactorFor.NOBODY,
        help_text=_(
            "They get %(days)d days to set one up; after that the admin opens when they have. "
            "A server that says so in SECOND_FACTOR_FOR wins over this."
        ),
    )
    first_steps = models.BooleanField(
        _("list the first steps on the overview"),
        default=True,
        db_default=True,
        help_text=_("For owners, until all of them are done."),
    )
    hold = models.CharField(
        _("comments to hold"),
        max_length=10,
        choices=Hold,
        default=Hold.UNKNOWN,
        help_text=_("Held comments wait in the admin until someone approves or refuses them."),
    )
    require_email = models.BooleanField(
        _("commenters must give an e-mail address"),
        default=False,
        help_text=_("It is never shown."),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close conversations after (days)"),
        default=0,
        help_text=_("Counted from publication; 0 keeps them open."),
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("writers may change a comment during (minutes)"),
        default=30,
        help_text=_("What it said before is kept; 0: never. Deleting is always possible."),
    )
    posts_per_hour = models.PositiveSmallIntegerField(
        _("comments an hour from one network address"),
        default=30,
        help_text=_("Whoever sends more is asked to wait; the text is not lost. 0 sets no limit."),
    )
    posts_per_person = models.PositiveSmallIntegerField(
        _("comments an hour from one person"), default=20, help_text=_("0 sets no limit.")
    )
    flood_limit = models.PositiveSmallIntegerField(
        _("comments in ten minutes"),
        default=100,
        help_text=_(
            "When more come in on the whole site, those of people who are not known here are held. "
            "0 sets no limit."
        ),
    )
    max_links = models.PositiveSmallIntegerField(
        _("links in a comment"),
        default=2,
        help_text=_("A guest's comment with more of them is held."),
    )
    spam_filter = models.BooleanField(
        _("hold what looks like spam"),
        default=True,
        help_text=_("The filter learns from what you approve and what you mark as spam."),
    )
    report_threshold = models.PositiveSmallIntegerField(
        _("reports that hide a comment"),
        default=3,
        help_text=_("So many readers' reports hold a comment until someone looks; 0: never."),
    )
    client_days = models.PositiveSmallIntegerField(
        _("keep traces of network addresses (days)"),
        default=14,
        help_text=_("Never the address itself: a mark of it, for limits and bans."),
    )
    spam_days = models.PositiveSmallIntegerField(
        _("keep spam (days)"),
        default=30,
        help_text=_("After that it is deleted for good; 0 keeps it."),
    )
    mail_days = models.PositiveSmallIntegerField(
        _("keep sent mails (days)"), default=90, help_text=_("0 keeps them.")
    )
    trash_days = models.PositiveSmallIntegerField(
        _("keep the trash (days)"),
        default=30,
        help_text=_("Articles thrown away longer ago are deleted for good; 0 keeps them."),
    )
    check_links = models.BooleanField(
        _("look whether links still work"),
        default=False,
        help_text=_(
            "The site asks each address that a published text links to, about once a month and "
            "slowly. Links within the site are looked up either way."
        ),
    )
    # Goes up with every change that can show on any page; part of every ETag.
    version = models.PositiveBigIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="blog_sitesettings_one_row")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def style_url(self) -> str:
        """The stylesheet with the accent; its address changes with the colours."""
        if not self.accent:
            return ""
        return reverse("blog:style", args=[self.accent, self.accent_dark])


class Redirect(models.Model):
    """An address that moved (301) or is gone for good (410: neither article nor target)."""

    old_path = models.CharField(
        _("old path"), max_length=300, unique=True, help_text=_("Begins with a slash.")
    )
    # Pointing at the article, not at its address, a second rename makes no chain.
    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
    )
    target = models.CharField(
        _("new address"),
        max_length=300,
        blank=True,
        help_text=_(
            "A path of this site, or a full address elsewhere (https://…), which owners alone set. "
            "Without either and an article: gone for good (410)."
        ),
    )

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]

    def __str__(self) -> str:
        return self.old_path


class SearchWord(models.Model):
    """A word of a published article, for spelling suggestions."""

    word = models.CharField(max_length=40, primary_key=True)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="blog_searchword_trigrams")
        ]

    def __str__(self) -> str:
        return self.word
