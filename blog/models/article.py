"""Articles and their revisions."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Prefetch, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from authors import access
from authors.models import Author, User
from blog.content import embeds, sanitiser
from blog.models.findable import FindableArticle
from blog.models.image import Image
from blog.models.search_vectors import EN, NL, article_vector, by_language, title_vector
from blog.models.series import Series
from blog.models.tag import Tag
from blog.models.version import SavedVersion

# Columns that lists never show; the search vector alone is as large as the text.
HEAVY = ("body_source", "body_html", "body_text", "toc", "search")


class Status(models.TextChoices):
    """Publication status."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class CommentPolicy(models.TextChoices):
    """Whether an article takes comments."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed: what was said stays, nothing is added")
    HIDDEN = "hidden", _("No conversation")


class Hold(models.TextChoices):
    """Whose comments are held for approval."""

    EVERYONE = "everyone", _("everyone's")
    UNKNOWN = "unknown", _("those of people without a confirmed address")
    NOBODY = "nobody", _("nobody's")


def new_entry_id() -> str:
    """An id for an article in feeds that nothing else has, here or on any other site."""
    return uuid.uuid4().urn


def site_language() -> str:
    """The site's own language; a function, so that migrations do not depend on it."""
    return settings.LANGUAGE_CODE


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, newest publication first by default."""

    def published(self) -> ArticleQuerySet:
        """Articles visible to every reader.

        A scheduled article counts from its minute on, also when no worker runs; the worker's
        job is only to turn its status over.
        """
        return self.filter(
            status__in=("published", "scheduled"),
            published_at__lte=timezone.now(),
            trashed_at__isnull=True,
        )

    def visible_to(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Published articles, and those that `user` may edit."""
        if access.is_editor(user):
            return self.filter(trashed_at__isnull=True)
        if user.is_anonymous or not user.is_active:
            return self.published()
        mine = ArticleAuthor.objects.filter(author__user=user.pk, article__trashed_at__isnull=True)
        return self.filter(
            Q(pk__in=self.model.objects.published().values("pk")) | Q(pk__in=mine.values("article"))
        )

    def editable_by(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Articles that `user` may edit: all for editors, their own for authors.

        Nothing that lies in the trash; `in_trash_of` gives that.
        """
        return self.filter(trashed_at__isnull=True)._kept_by(user)

    def in_trash_of(self, user: User | AnonymousUser) -> ArticleQuerySet:
        """Trashed articles that `user` may restore: all for editors, their own for authors."""
        return self.filter(trashed_at__isnull=False)._kept_by(user)

    def _kept_by(self, user: User | AnonymousUser) -> ArticleQuerySet:
        if user.is_anonymous or not user.is_active:
            return self.none()
        if access.is_editor(user):
            return self
        if not access.roles_of(user):
            return self.none()
        mine = ArticleAuthor.objects.filter(author__user=user.pk)
        return self.filter(pk__in=mine.values("article"))

    def hidden_conversations(self) -> ArticleQuerySet:
        """Trashed articles whose conversation no untrashed translation shares."""
        shared = self.model.objects.filter(trashed_at__isnull=True, conversation__isnull=False)
        return self.filter(trashed_at__isnull=False).exclude(pk__in=shared.values("conversation"))

    def with_people(self) -> ArticleQuerySet:
        """With authors in order and tags by name, two queries whatever the number of rows."""
        return self.with_authors().prefetch_related("tags")

    def with_authors(self) -> ArticleQuerySet:
        """With the picture, and with authors in order: one query more, whatever the number."""
        authors = Prefetch("article_authors", ArticleAuthor.objects.select_related("author"))
        return self.select_related("picture").prefetch_related(authors)

    def light(self) -> ArticleQuerySet:
        """Without the text, which is read from elsewhere on the disk and seldom wanted."""
        return self.defer(*HEAVY)

    def for_list(self) -> ArticleQuerySet:
        """What cards show: neither the text nor the tags."""
        return self.light().with_authors()


class Article(FindableArticle):
    """A piece with a title, one or more authors, and a conversation under it."""

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("Last part of the address. When it changes, the old address leads here."),
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=site_language
    )
    # Articles with the same value translate each other.
    translation_set = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    authors = models.ManyToManyField(
        Author, through="ArticleAuthor", related_name="articles", verbose_name=_("authors")
    )
    tags = models.ManyToManyField(Tag, related_name="articles", verbose_name=_("tags"), blank=True)
    series = models.ForeignKey(
        Series,
        verbose_name=_("series"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
    )
    series_place = models.PositiveSmallIntegerField(
        _("part"), null=True, blank=True, help_text=_("Empty: behind the last one.")
    )
    picture = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    lead = models.TextField(
        _("lead"),
        max_length=600,
        blank=True,
        help_text=_("One or two sentences under the title; also shown in lists and searches."),
    )
    # What the editor holds: cleaned, figures by their picture's number.
    body_source = models.TextField(_("text"), blank=True)
    # What readers get: figures filled in, headings with anchors, cleaned last.
    body_html = models.TextField(editable=False, blank=True)
    body_text = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list)
    # Words that tell it from others (`blog.reading.related`).
    topics = models.CharField(max_length=500, editable=False, blank=True)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    # The numbers of the articles that the text links to; theirs are the addresses it shows.
    links_to = ArrayField(models.BigIntegerField(), editable=False, default=list, db_default=[])

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    published_at = models.DateTimeField(_("publication date"), null=True, blank=True)
    # When words last changed after publication.
    modified_at = models.DateTimeField(_("updated"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    mailed = models.BooleanField(
        _("mail it to the readers of the newsletter"),
        default=True,
        help_text=_("Five minutes after publication, once. Switched off: it is not mailed."),
    )
    # The services whose videos the text offers; the page may frame those alone.
    videos = models.CharField(max_length=40, editable=False, blank=True, db_default="")
    # In the trash nobody sees it, whatever its status; put back, it is what it was.
    trashed_at = models.DateTimeField(_("thrown away"), null=True, blank=True, editable=False)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("thrown away by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    # Optimistic locking: a form carries the version it was opened on.
    version = models.PositiveIntegerField(default=1, editable=False)

    # The picture for who shares it, in the media storage, and the version that it was drawn for.
    card = models.CharField(max_length=120, blank=True, editable=False)
    card_version = models.PositiveIntegerField(default=0, editable=False)

    comment_policy = models.CharField(
        _("conversation"), max_length=10, choices=CommentPolicy.choices, default=CommentPolicy.OPEN
    )
    hold = models.CharField(
        _("comments to hold"),
        max_length=10,
        choices=Hold,
        blank=True,
        help_text=_("Empty: as the site's settings say."),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close the conversation after (days)"),
        null=True,
        blank=True,
        help_text=_("Empty: as the site's settings say; 0 keeps it open."),
    )
    # Where its comments are when it translates an article that has them; None: here.
    conversation = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    # What feeds name it by, for good: another slug, date or host of the site leaves it as it is.
    entry_id = models.CharField(
        max_length=300,
        editable=False,
        unique=True,
        default=new_entry_id,
        db_default=Concat(Value("urn:uuid:"), Cast(RandomUUID(), models.CharField())),
    )
    # Both written by comments.thread.counters alone.
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    thread_version = models.PositiveBigIntegerField(default=0, editable=False)

    search = models.GeneratedField(
        expression=by_language(article_vector(NL), article_vector(EN)),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="blog_article_public",
                condition=Q(status__in=["published", "scheduled"]),
            ),
            # The admin's list in its own order.
            models.Index(
                fields=["-published_at", "-id"],
                name="blog_article_listed",
                condition=Q(trashed_at__isnull=True),
            ),
            # What is being worked on, as the overview lists it.
            models.Index(
                fields=["status", "published_at"],
                name="blog_article_in_work",
                condition=Q(status__in=["draft", "review", "scheduled"], trashed_at__isnull=True),
            ),
            *(
                models.Index(fields=["id"], name=name, condition=Q(**{f"{made}__lt": F("version")}))
                for name, made in (
                    ("blog_article_undrawn", "card_version"),
                    ("blog_article_unlinked", "linked_version"),
                )
            ),
            GinIndex(fields=["search"], name="blog_article_search"),
            # Titles alone: the best of many matches is not always among the newest.
            GinIndex(title_vector(), name="blog_article_titles"),
            GinIndex(fields=["links_to"], name="blog_article_links"),
            GinIndex(fields=["figures"], name="blog_article_figures"),
            models.Index(
                fields=["trashed_at"],
                name="blog_article_trash",
                condition=Q(trashed_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="blog_article_dated",
                condition=Q(published_at__isnull=False)
                | ~Q(status__in=["published", "scheduled", "archived"]),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The permalink; drafts take the current month until they have a date."""
        day = timezone.localtime(self.published_at or timezone.now())
        return _permalink(day.year, day.month, self.slug)

    @property
    def body(self) -> SafeString:
        """The finished text, as `blog.content.sanitiser.render` left it."""
        return sanitiser.stored(self.body_html)

    @property
    def frame_hosts(self) -> list[str]:
        """Where the text may load a video from, once its reader asks."""
        return embeds.frame_hosts(self.videos)

    @property
    def reading_minutes(self) -> int:
        """Whole minutes at 230 words a minute, one at the least (Brysbaert 2019: 238)."""
        return max(1, round(self.word_count / 230))

    @property
    def is_public(self) -> bool:
        """Whether any reader may see it now; the same rule as `ArticleQuerySet.published`."""
        return (
            self.status in (Status.PUBLISHED, Status.SCHEDULED)
            and self.trashed_at is None
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def byline(self) -> list[Author]:
        """The authors in their order; free of queries after `with_people`."""
        return [link.author for link in self.article_authors.all()]

    @property
    def tag_list(self) -> list[Tag]:
        """The tags by name; free of queries after `with_people`."""
        return list(self.tags.all())


@lru_cache(maxsize=4096)
def _permalink(year: int, month: int, slug: str) -> str:
    """As `reverse` says, which a page asks for again and again."""
    return reverse("blog:article", args=[year, month, slug])


class ArticleAuthor(models.Model):
    """An author's place in the byline."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="article_authors")
    author = models.ForeignKey(
        Author, verbose_name=_("author"), on_delete=models.PROTECT, related_name="article_authors"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("place in a byline")
        verbose_name_plural = _("places in bylines")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="blog_articleauthor_once")
        ]

    def __str__(self) -> str:
        return str(self.author)


class Revision(SavedVersion):
    """A saved version of an article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    lead = models.TextField(_("lead"), blank=True)
    public = models.BooleanField(_("seen by readers"), default=False)

    class Meta(SavedVersion.Meta):
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["article", "version"], name="blog_revision_once")
        ]
