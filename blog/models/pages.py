"""Pages beside the articles, and the menus that lead to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from blog import body
from blog.models.article import site_language
from blog.models.tag import Tag


class Purpose(models.TextChoices):
    """What a page is for, where the site itself leads to it."""

    ABOUT = "about", _("about this site")
    PRIVACY = "privacy", _("privacy")
    RULES = "rules", _("rules of the conversation")


class Page(models.Model):
    """A text with an address of its own at the top of the site."""

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        help_text=_("The address: /…/. When it changes, the old address leads here."),
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=10,
        choices=Purpose,
        blank=True,
        help_text=_("About and privacy are linked at the foot of every page, rules at the form."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=site_language
    )
    public = models.BooleanField(_("readers see it"), default=True)
    # What the editor holds, and what readers get: as `Article` has them.
    body_source = models.TextField(_("text"), blank=True)
    body_html = models.TextField(editable=False, blank=True)
    body_text = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list)
    modified_at = models.DateTimeField(_("updated"), auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language"],
                condition=~models.Q(purpose=""),
                name="blog_page_purpose_once",
                violation_error_message=_("There is a page for that purpose already."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page."""
        return reverse("blog:page", args=[self.slug])

    @property
    def body(self) -> SafeString:
        """The finished text, as `blog.body.render` left it."""
        return body.stored(self.body_html)


class PageRevision(models.Model):
    """A page's words as they were saved once."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    body_source = models.TextField(_("text"), blank=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("revision of a page")
        verbose_name_plural = _("revisions of pages")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["page", "version"], name="blog_pagerevision_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Place(models.TextChoices):
    """Where a menu stands."""

    HEADER = "header", _("top")
    FOOTER = "footer", _("foot")


class MenuItem(models.Model):
    """A link in a menu: to a page, a subject, or an address."""

    site = models.ForeignKey(
        "blog.SiteSettings", on_delete=models.CASCADE, default=1, related_name="menu_items"
    )
    place = models.CharField(_("menu"), max_length=6, choices=Place, default=Place.HEADER)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    label = models.CharField(
        _("label"), max_length=40, blank=True, help_text=_("Empty: the name of what it leads to.")
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, null=True, blank=True
    )
    tag = models.ForeignKey(
        Tag, verbose_name=_("tag"), on_delete=models.CASCADE, null=True, blank=True
    )
    url = models.CharField(
        _("address"), max_length=300, blank=True, help_text=_("/a/path/ of this site or https://…")
    )

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menus")
        ordering = ["place", "position", "id"]

    def __str__(self) -> str:
        return self.label or str(self.page or self.tag or self.url)
