"""Services that write articles. Each is one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from authors.models import Author, User
from blog.discovery.announcing import announce
from blog.models import (
    Article,
    ArticleAuthor,
    RelatedArticle,
    Revision,
    SearchWord,
    Status,
    Tag,
    Text,
)
from blog.publishing import conversation_lock, workflow
from blog.publishing.access import may_publish
from blog.publishing.rendering import body_set, links_changed
from blog.publishing.shared_conversation import hand_over
from blog.publishing.subjects import tag_named
from blog.reading import related
from blog.signals import article_changed, bylines_changed
from blog.site.permalinks import address_of, addresses_keep, free_slug
from blog.site.settings import site_changed


class StaleText(Exception):
    """Somebody saved the text after the form was opened; `current` is what they left."""

    def __init__(self, current: Text) -> None:
        super().__init__(f"version {current.version}")
        self.current = current


def later_version() -> int:
    """A site version that no page was sent with yet, also after a restore.

    After a restore the counted versions are those of an earlier day: they would come by again
    with other content, and caches would take it for what they have.
    """
    return int(time.time())


@transaction.atomic
def article_save(
    *,
    article: Article,
    authors: Sequence[Author] | None,
    tags: Sequence[Tag] | None,
    editor: User | None,
    expected_version: int | None,
    note: str = "",
    next_articles: Sequence[Article] | None = None,
) -> Article:
    """Save an article and all derived data; None leaves authors, tags or what is to be read next
    unchanged.

    A step on its way (submitted, returned, published …) is kept with `note` and mailed, when
    `editor` takes it; the caller has checked that they may.

    Locks the stored row. Raises `StaleText` when it is not at `expected_version` any more
    (None: do not look), ValidationError for a public article without authors or text beyond
    `body.MAX_BYTES`.
    """
    stored = _locked(article, expected_version) if article.pk else None
    if not article.slug:
        article.slug = free_slug(article)
    _settle_status(article)
    body_set(article)
    words = (article.title, article.lead, article.body_source)
    changed = stored is None or words != (stored.title, stored.lead, stored.body_source)
    # What searches show is kept with the versions, but changes nothing that a reader has read.
    found = changed or stored is None or found_as(stored) != found_as(article)
    if stored is not None and stored.is_public and changed:
        article.modified_at = timezone.now()
    article.topics = related.topics_of(article)
    article.save()
    if authors is not None:
        _set_authors(article, authors)
    if tags is not None:
        article.tags.set(tags)
    if next_articles is not None:
        _set_next(article, next_articles)
    out = article.status in (Status.PUBLISHED, Status.SCHEDULED)
    if out and not article.article_authors.exists():
        raise ValidationError(_("An article that readers see needs at least one author."))
    if found:
        _keep_version(article, editor)
    if stored is not None and changed and article.is_public:
        article_changed.send(Article, article=article)
    if stored is not None and stored.is_public and not article.is_public:
        hand_over(article, stays=True)
    addresses_keep(stored, article)
    if editor is not None:
        _record_step(stored, article, editor, note, changed=changed)
    if stored is not None and address_of(stored) != address_of(article):
        links_changed(article)
    site_changed()
    words_learn(article)
    announce(stored, article)
    return article


def found_as(text: Text) -> tuple[str, str]:
    """What searches show of a text, where its writer chose it."""
    return text.search_title, text.search_description


def _locked(article: Article, expected_version: int | None) -> Article:
    """The stored row, locked; `article` gets the next version and what others write.

    Raises `StaleText`.
    """
    conversation_lock.to_save(article)
    stored = Article.objects.select_for_update().get(pk=article.pk)
    if expected_version is not None and stored.version != expected_version:
        raise StaleText(stored)
    article.version = stored.version + 1
    article.comment_count, article.thread_version = stored.comment_count, stored.thread_version
    article.card, article.card_version = stored.card, stored.card_version
    return stored


def _record_step(
    stored: Article | None, article: Article, editor: User, note: str, *, changed: bool
) -> None:
    public = stored is not None and stored.is_public and article.is_public
    workflow.step_record(
        article=article,
        before=stored.status if stored else None,
        actor=editor,
        note=note,
        date_before=stored.published_at if stored else None,
        corrected=public and changed and not may_publish(editor),
    )


def _settle_status(article: Article) -> None:
    """Make status and date agree: future dates are scheduled, past dates published."""
    now = timezone.now()
    if article.status == Status.PUBLISHED and article.published_at is None:
        article.published_at = now
    if article.status in (Status.PUBLISHED, Status.SCHEDULED):
        if article.published_at is None:
            raise ValidationError({"published_at": _("A scheduled article needs a date.")})
        article.status = Status.SCHEDULED if article.published_at > now else Status.PUBLISHED


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


def _keep_version(article: Article, editor: User | None) -> None:
    Revision.objects.create(
        article=article,
        version=article.version,
        title=article.title,
        search_title=article.search_title,
        search_description=article.search_description,
        lead=article.lead,
        body_source=article.body_source,
        public=article.is_public,
        editor=editor,
    )


def _set_next(article: Article, others: Sequence[Article]) -> None:
    article.related_articles.all().delete()
    RelatedArticle.objects.bulk_create(
        RelatedArticle(article=article, other=other, position=position)
        for position, other in enumerate(dict.fromkeys(others))
        if other.pk != article.pk
    )


@transaction.atomic
def article_publish_due() -> int:
    """Publish due scheduled articles; gives their number."""
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
    """Add the words of a public article to the search vocabulary."""
    if not article.is_public:
        return
    text = f"{article.title} {article.lead} {article.body_text}"
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [text])


_LEARN_ANEW = """
INSERT INTO blog_searchword (word, uses)
SELECT word, count(*) FROM (
    SELECT DISTINCT a.id, lower(unaccent(found[1])) AS word
    FROM blog_article a,
         regexp_matches(a.title || ' ' || a.lead || ' ' || a.body_text, '[[:alpha:]]{3,40}', 'g')
         AS found
    WHERE a.id = ANY(%s)
) words
WHERE length(word) BETWEEN 3 AND 40
GROUP BY word
"""


def words_learn_anew() -> None:
    """Make the search vocabulary of the articles that are public now, and of nothing else."""
    public = list(Article.objects.published().order_by().values_list("pk", flat=True))
    SearchWord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_LEARN_ANEW, [public])


def tags_from_words(words: Iterable[str]) -> list[Tag]:
    """The tags with these names, each once, created where needed (`subjects.tag_named`).

    Words without a letter or a digit name none.
    """
    found = [tag_named(word) for word in words if any(map(str.isalnum, word))]
    return list(dict.fromkeys(found))
