"""Writes of the blog. Each is one transaction."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from authors.models import Author, User
from blog import tasks
from blog.content import embeds, sanitiser
from blog.content.slugs import slug_from
from blog.discovery.announcing import announce
from blog.models import (
    Article,
    ArticleAuthor,
    Image,
    Page,
    Revision,
    SiteSettings,
    Status,
    Tag,
    Text,
)
from blog.publishing import conversation_lock, own_links, workflow
from blog.publishing.access import may_publish
from blog.reading import related
from blog.signals import article_changed, bylines_changed, conversation_joined
from blog.site.permalinks import address_of, addresses_keep, entry_keep, free_slug


class StaleText(Exception):
    """Somebody saved the text after the form was opened; `current` is what she left."""

    def __init__(self, current: Text) -> None:
        super().__init__(f"version {current.version}")
        self.current = current


def site_settings() -> SiteSettings:
    """The one row of settings, made when it is not there yet."""
    found = SiteSettings.objects.select_related("logo", "logo_dark").filter(pk=1).first()
    return found or SiteSettings.objects.get_or_create(pk=1)[0]


_kept: tuple[str | None, SiteSettings | None] = (None, None)


def site_settings_at(row: str | None) -> SiteSettings:
    """The settings as the row's mark `row` (`reading.article_head`) says they are; a query only
    when this process has others. Threads share what it gives: nobody changes it.
    """
    global _kept
    known, site = _kept
    if row is None or row != known or site is None:
        site = site_settings()
        _kept = (row, site)
    return site


def site_changed() -> None:
    """Something changed that may show on any page: every ETag is renewed."""
    if not SiteSettings.objects.filter(pk=1).update(version=F("version") + 1):
        site_settings()


def later_version() -> int:
    """A version of the site that no page was sent with yet, also where rows came back from a copy.

    After a restore the counted versions are those of an earlier day: they would come by again
    with other content, and caches would take it for what they have.
    """
    return int(time.time())


def site_settings_save(*, site: SiteSettings) -> SiteSettings:
    """Store the settings row and renew every page."""
    site.pk = 1
    if not SiteSettings.objects.filter(pk=1, title=site.title, accent=site.accent).exists():
        # The pictures for sharing bear the site's title and its colour.
        Article.objects.exclude(card="").update(card_version=0)
    site.save()
    site_changed()
    return site


@transaction.atomic
def article_save(
    *,
    article: Article,
    authors: Sequence[Author] | None,
    tags: Sequence[Tag] | None,
    editor: User | None,
    expected_version: int | None,
    note: str = "",
) -> Article:
    """Store an article with everything that follows from its words; None leaves people or tags.

    A step on its way (submitted, returned, published …) is kept with `note` and mailed, when
    `editor` takes it; the caller has checked that she may.

    Locks the stored row. Raises `StaleText` when it is not at `expected_version` any more
    (None: do not look), ValidationError for a public article without authors or text beyond
    `body.MAX_BYTES`.
    """
    stored = None
    if article.pk:
        conversation_lock.to_save(article)
        stored = Article.objects.select_for_update().get(pk=article.pk)
        if expected_version is not None and stored.version != expected_version:
            raise StaleText(stored)
        article.version = stored.version + 1
        article.comment_count, article.thread_version = stored.comment_count, stored.thread_version
        article.card, article.card_version = stored.card, stored.card_version
    if not article.slug:
        article.slug = free_slug(article)
    _settle_status(article)
    render_body(article)
    words = (article.title, article.lead, article.body_source)
    changed = stored is None or words != (stored.title, stored.lead, stored.body_source)
    if stored is not None and stored.is_public and changed:
        article.modified_at = timezone.now()
    article.topics = related.topics_of(article)
    article.save()
    if authors is not None:
        _set_authors(article, authors)
    if tags is not None:
        article.tags.set(tags)
    out = article.status in (Status.PUBLISHED, Status.SCHEDULED)
    if out and not article.article_authors.exists():
        raise ValidationError(_("An article that readers see needs at least one author."))
    if changed:
        Revision.objects.create(
            article=article,
            version=article.version,
            title=article.title,
            lead=article.lead,
            body_source=article.body_source,
            public=article.is_public,
            editor=editor,
        )
    if stored is not None and changed and article.is_public:
        article_changed.send(Article, article=article)
    if stored is not None and stored.is_public and not article.is_public:
        hand_over(article, stays=True)
    addresses_keep(stored, article)
    if editor is not None:
        public = stored is not None and stored.is_public and article.is_public
        workflow.step_record(
            article=article,
            before=stored.status if stored else None,
            actor=editor,
            note=note,
            date_before=stored.published_at if stored else None,
            corrected=public and changed and not may_publish(editor),
        )
    if stored is not None and address_of(stored) != address_of(article):
        links_changed(article)
    site_changed()
    words_learn(article)
    announce(stored, article)
    return article


def links_changed(article: Article) -> None:
    """What readers follow to `article` leads elsewhere now: the worker renews those texts."""
    linked = Article.objects.filter(links_to__contains=[article.pk])
    if linked.exists() or _pages_linking(article.pk).exists():
        transaction.on_commit(lambda: tasks.links_renew.enqueue(article.pk), robust=True)


def links_renew(*, number: int) -> int:
    """Render the texts that link to article `number` anew; gives how many there were.

    Each is locked by itself, so that two articles that link to each other never wait in a ring.
    """
    found = Article.objects.filter(links_to__contains=[number]).values_list("pk", flat=True)
    for key in (keys := list(found)):
        with transaction.atomic():
            article = Article.objects.select_for_update().filter(pk=key).first()
            if article is not None:
                article.body_html = rendered_body(article.body_source, article.language).html
                article.save(update_fields=["body_html"])
    pages = _pages_linking(number)
    for page in pages:
        html = rendered_body(page.body_source, page.language).html
        Page.objects.filter(pk=page.pk, version=page.version).update(body_html=html)
    if keys or pages:
        site_changed()
    return len(keys) + len(pages)


def _pages_linking(number: int) -> QuerySet[Page]:
    return Page.objects.filter(body_source__regex=rf'"article:{number}["#]')


def _settle_status(article: Article) -> None:
    """Let status and date agree: what lies ahead is scheduled, what is past is published."""
    now = timezone.now()
    if article.status == Status.PUBLISHED and article.published_at is None:
        article.published_at = now
    if article.status in (Status.PUBLISHED, Status.SCHEDULED):
        if article.published_at is None:
            raise ValidationError({"published_at": _("A scheduled article needs a date.")})
        article.status = Status.SCHEDULED if article.published_at > now else Status.PUBLISHED


def render_body(article: Article) -> None:
    """Clean the text and make everything that follows from it. Raises ValidationError."""
    try:
        own = own_links.own_addresses(article.body_source)
        article.body_source = sanitiser.clean(article.body_source, own)
    except sanitiser.TooLarge as error:
        raise ValidationError(
            {"body_source": _("The text is too long or too deeply nested.")}
        ) from error
    article.links_to = sanitiser.article_numbers(article.body_source)
    rendered = rendered_body(article.body_source, article.language)
    article.body_html, article.toc = rendered.html, rendered.toc
    article.body_text, article.word_count = rendered.text, rendered.word_count
    article.videos = embeds.services_in(rendered.html)


def rendered_body(source: str, language: str) -> sanitiser.Rendered:
    """The finished form of a cleaned text, with its pictures and the articles it links to."""
    wanted = sanitiser.picture_numbers(source)
    found = Image.objects.in_bulk(wanted) if wanted else {}
    links = own_links.addresses(sanitiser.article_numbers(source))
    with translation.override(language):
        return sanitiser.render(source, found, settings.MEDIA_URL, links)


def _set_authors(article: Article, authors: Sequence[Author]) -> None:
    before = set(article.article_authors.values_list("author", flat=True))
    article.article_authors.all().delete()
    ArticleAuthor.objects.bulk_create(
        ArticleAuthor(article=article, author=author, position=position)
        for position, author in enumerate(dict.fromkeys(authors))
    )
    article.__dict__.pop("_prefetched_objects_cache", None)
    if changed := before ^ {author.pk for author in authors}:
        bylines_changed.send(Article, authors=changed)


@transaction.atomic
def article_translates(*, article: Article, original: Article | None) -> None:
    """Let `article` be a translation of `original` and share its conversation, or of none.

    What was said under both stands together from then on; taken apart, it stays with the
    original. Raises ValidationError for articles in one language. Locks both rows.
    """
    conversation_lock.to_move()
    numbers = [article.pk] if original is None else sorted((article.pk, original.pk))
    rows = {row.pk: row for row in Article.objects.select_for_update().filter(pk__in=numbers)}
    article = rows[article.pk]
    if original is None:
        if article.conversation_id not in (None, article.pk):
            Article.objects.filter(pk=article.pk).update(
                conversation=None,
                translation_set=uuid.uuid4(),
                comment_count=0,
                thread_version=F("thread_version") + 1,
            )
            site_changed()
        return
    original = rows[original.pk]
    if original.language == article.language:
        raise ValidationError(_("A translation is in another language than its original."))
    home = original.conversation or original
    if article.pk == home.pk or article.conversation_id == home.pk:
        return
    family = Q(pk=article.pk) | Q(conversation=article.pk)
    Article.objects.filter(family).update(conversation=home, translation_set=home.translation_set)
    Article.objects.filter(pk=home.pk).update(conversation=home)
    conversation_joined.send(Article, home=home, article=article)
    site_changed()


def hand_over(article: Article, *, stays: bool) -> None:
    """Give the conversation that `article` holds for its translations to one of them.

    Else readers of the translations would lose it, or meet links that lead nowhere, when the
    article is withdrawn (it `stays`, and still shares the conversation) or deleted. A public
    translation comes first. Locks the translations; the caller came through `gate`.
    """
    others = Article.objects.select_for_update().filter(conversation=article.pk)
    family = list(others.exclude(pk=article.pk).order_by("pk"))
    heir = next((row for row in family if row.is_public), None)
    if heir is None and not stays:
        heir = next(iter(family), None)
    if heir is None:
        return
    moving = [row.pk for row in family] + ([article.pk] if stays else [])
    Article.objects.filter(pk__in=moving).update(conversation=heir)
    article.conversation = heir if stays else None
    conversation_joined.send(Article, home=heir, article=article)


@transaction.atomic
def article_publish_due() -> int:
    """Turn scheduled articles whose time has come to published; gives their number."""
    due = list(
        Article.objects.select_for_update(skip_locked=True).filter(
            status=Status.SCHEDULED, published_at__lte=timezone.now(), trashed_at__isnull=True
        )
    )
    for article in due:
        Article.objects.filter(pk=article.pk).update(
            status=Status.PUBLISHED, version=F("version") + 1
        )
        article.status = Status.PUBLISHED
        entry_keep(article, article.get_absolute_url())
        workflow.step_record(article=article, before=Status.SCHEDULED, actor=None)
        words_learn(article)
        announce(article)
        links_changed(article)
    if due:
        site_changed()
    return len(due)


_LEARN = """
INSERT INTO blog_searchword (word, uses)
SELECT word, 1 FROM (
    SELECT DISTINCT lower(unaccent(found[1])) AS word
    FROM regexp_matches(%s, '[[:alpha:]]{3,40}', 'g') AS found
) words
WHERE length(word) BETWEEN 3 AND 40
ORDER BY word
ON CONFLICT (word) DO UPDATE SET uses = blog_searchword.uses + 1
"""


def words_learn(article: Article) -> None:
    """Let misspelt searches find the words of `article`, if readers may see it."""
    if not article.is_public:
        return
    text = f"{article.title} {article.lead} {article.body_text}"
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [text])


def tags_from_words(words: Iterable[str]) -> list[Tag]:
    """The tags of those names, made where needed; two names with one slug are one tag."""
    found: dict[str, Tag] = {}
    for word in words:
        name = " ".join(word.split())[:60]
        slug = slug_from(name, longest=60)
        if slug and slug not in found:
            found[slug] = (
                Tag.objects.filter(slug=slug).first()
                or Tag.objects.get_or_create(slug=slug, defaults={"name": name})[0]
            )
    return list(found.values())
