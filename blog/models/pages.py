"""Pages beside the articles, and the menus that lead to them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from authors import access
from authors.models import User
from blog.content import embeds, sanitiser
from blog.models.article import site_language
from blog.models.findable import FindableText
from blog.models.search_vectors import EN, NL, by_language, page_vector
from blog.models.tag import Tag
from blog.models.version import SavedVersion
from core.sorting import AlphabeticalOrder


class PagePurpose(models.TextChoices):
    """Special purpose of a page that the site links to itself."""

    ABOUT = "about", _("about this site")
    PRIVACY = "privacy", _("privacy")
    RULES = "rules", _("rules of the conversation")


class PageQuerySet(models.QuerySet["Page"]):
    """Pages beside the articles."""

    def published(self) -> PageQuerySet:
        """Pages visible to every reader."""
        return self.filter(public=True, trashed_at__isnull=True)

    def editable_by(self, user: User | AnonymousUser) -> PageQuerySet:
        """Pages that `user` may edit: for editors, all that are not in the trash."""
        return self.filter(trashed_at__isnull=True)._kept_by(user)

    def in_trash_of(self, user: User | AnonymousUser) -> PageQuerySet:
        """Trashed pages that `user` may restore."""
        return self.filter(trashed_at__isnull=False)._kept_by(user)

    def _kept_by(self, user: User | AnonymousUser) -> PageQuerySet:
        return self if access.is_editor(user) else self.none()


class Page(FindableText):
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
        choices=PagePurpose,
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
    # In the trash nobody sees it; put back, it is what it was.
    trashed_at = models.DateTimeField(_("thrown away"), null=True, blank=True, editable=False)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("thrown away by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    search = models.GeneratedField(
        expression=by_language(page_vector(NL), page_vector(EN)),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = [AlphabeticalOrder("title"), "title", "id"]
        indexes = [
            GinIndex(fields=["search"], name="blog_page_search"),
            GinIndex(fields=["figures"], name="blog_page_figures"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language"],
                condition=~models.Q(purpose="") & models.Q(trashed_at=None),
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
        """The finished text, as `blog.content.sanitiser.render` left it."""
        return sanitiser.stored(self.body_html)

    @property
    def is_public(self) -> bool:
        """Whether readers see it; the same rule as `PageQuerySet.published`."""
        return self.public and self.trashed_at is None

    @property
    def frame_hosts(self) -> list[str]:
        """Where the text may load a video from, once its reader asks."""
        return embeds.frame_hosts(embeds.services_in(self.body_html))


class PageRevision(SavedVersion):
    """A saved version of a page."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="revisions")

    class Meta(SavedVersion.Meta):
        verbose_name = _("revision of a page")
        verbose_name_plural = _("revisions of pages")
        constraints = [
            models.UniqueConstraint(fields=["page", "version"], name="blog_pagerevision_once")
        ]


class MenuPlace(models.TextChoices):
    """Where a menu stands."""

    HEADER = "header", _("top")
    FOOTER = "footer", _("foot")


class MenuItem(models.Model):
    """A link in a menu: to a page, a subject, or an address."""

    site = models.ForeignKey(
        "blog.SiteSettings", on_delete=models.CASCADE, default=1, related_name="menu_items"
    )
    place = models.CharField(_("menu"), max_length=6, choices=MenuPlace, default=MenuPlace.HEADER)
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
