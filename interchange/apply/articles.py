"""Storing of articles: their addresses first, then their texts with pictures and links."""

from __future__ import annotations

import datetime
import re
from urllib.parse import unquote, urldefrag

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from authors.models import Author
from blog.content import sanitiser
from blog.content.slugs import slug_from, unique
from blog.models import Article, CommentPolicy, Redirect, Status, Tag, Text
from blog.models.article import new_entry_id
from blog.publishing.articles import article_save
from core import html_bounds
from core.text import tame
from interchange import html, records
from interchange.apply.base import Context, digest_of, without_slash
from interchange.apply.people import People, Tags
from interchange.apply.pictures import Pictures
from interchange.models import ImportedKind
from interchange.report import NEW

_COMMENTS = re.compile(r"comment(?:s|-\d+)?|respond")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]{0,30}:[!-~]{1,250}")
_UPLOAD = re.compile(r"/(?:uploads|files|content/(?:files|media))/")


_OUT = (Status.PUBLISHED, Status.SCHEDULED)


class Articles:
    """Articles by the source's keys."""

    def __init__(self, context: Context, people: People, tags: Tags) -> None:
        self.context, self.people, self.tags = context, people, tags
        self.pictures = Pictures(context)
        self.languages = {"nl", "en"}
        # Of the article in hand, for the report.
        self.title = ""

    # -- addresses ------------------------------------------------------------------------------

    def plan(self, record: records.Article) -> None:
        """Decide the address that the article will have, and which old ones lead to it."""
        context = self.context
        known = context.known(ImportedKind.ARTICLE, [record.key]).get(record.key[:300])
        article = None
        if known is not None:
            article = Article.objects.filter(pk=known.number).first()
        if article is None:
            slug = self._slug(record)
            article = Article(slug=slug, published_at=self._date(record))
        path = article.get_absolute_url()
        context.spool.plan(f"article:{record.key}", article.slug, path)
        leads(context, record, path)

    def _slug(self, record: records.Article) -> str:
        planned = self.context.spool.planned(f"article:{record.key}")
        if planned is not None and not Article.objects.filter(slug=planned[0]).exists():
            return planned[0]
        wanted = slug_from(unquote(record.slug), longest=110)
        stem = wanted or slug_from(record.title, longest=110) or "artikel"
        taken = set(Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        taken |= self.context.spool.slugs(stem, "article:")
        slug = unique(stem, taken)
        if record.slug and slug != unquote(record.slug) and record.status in _OUT:
            self.context.report.tell("slug", f"{record.title}: {unquote(record.slug)} → {slug}")
        return slug

    def _date(self, record: records.Article) -> datetime.datetime | None:
        """When it was published; what is not yet has no date, whenever it was begun."""
        if record.status in (Status.DRAFT, Status.REVIEW):
            return None
        return record.published_at or record.created_at or record.modified_at or timezone.now()

    # -- texts ----------------------------------------------------------------------------------

    def store(self, record: records.Article) -> None:
        """One article; a fault of its own is told and stops nothing else."""
        context = self.context
        for word, example in record.tells:
            context.report.tell(word, example)
        digest = source_digest(record)
        known = context.known(ImportedKind.ARTICLE, [record.key]).get(record.key[:300])
        article = Article.objects.filter(pk=known.number).first() if known else None
        if known is not None:
            current = _digest(article) if article else None
            if context.verdict("article", known, digest, current):
                return
        planned = context.spool.planned(f"article:{record.key}")
        before = _digest(article) if article else b""
        fresh = article is None
        article = article or Article(slug=planned[0] if planned else "")
        try:
            complete = self._fill(article, record)
        except html_bounds.Unreadable as error:
            context.report.tell("unreadable", f"{record.title}: {error}")
            return
        people = self._people(article, record)
        tags = self.tags.get(record.tags)
        try:
            article.body_source = sanitiser.clean(article.body_source)
        except html_bounds.TooLarge:
            context.report.tell("too large", record.title)
            return
        if not complete:
            # Another run with the pictures looks again.
            digest = digest_of((digest, "without pictures"))
        same = not fresh and before == _digest(article, people, tags)
        if not context.dry:
            with transaction.atomic():
                if not same:
                    try:
                        self._save(article, record, people, tags)
                    except ValidationError as error:
                        context.report.tell("too large", f"{record.title}: {error.messages[0]}")
                        return
                context.remember(
                    ImportedKind.ARTICLE, record.key, article.pk, digest, _digest(article)
                )
        if fresh:
            context.report.came("article", NEW)
        else:
            context.renewed("article", not same)

    def _fill(self, article: Article, record: records.Article) -> bool:
        """Set what the record says; False when a picture was missing."""
        report = self.context.report
        if article.pk is None:
            article.entry_id = _entry_id(record)
        article.title = title = title_of(self.context, record)
        article.language = record.language if record.language in self.languages else ""
        article.language = article.language or self.context.language
        lead = " ".join(tame(record.lead).split())
        if len(lead) > 600:
            report.tell("lead", title)
            lead = lead[:599].rpartition(" ")[0] + "…"
        article.lead = lead
        take_searched(article, record)
        article.status = Status(record.status)
        article.published_at = self._date(record)
        article.comment_policy = CommentPolicy(record.comment_policy)
        article.modified_at = record.modified_at
        if article.published_at and record.modified_at and article.is_public:
            gap = (record.modified_at - article.published_at).total_seconds()
            article.modified_at = record.modified_at if gap > 3600 else None
        article.body_source = self.text(record)
        if record.picture:
            numbers = self.pictures.find(html.FoundPicture(src="", key=record.picture))
            article.picture_id = numbers[0] if numbers else None
        return self.pictures.complete

    def text(self, record: records.Article) -> str:
        """The HTML of a text; `pictures.complete` tells whether all its pictures were found."""
        self.pictures.begin(record.key)
        self.title = record.title
        converted = html.convert(record.body, pictures=self.pictures.find, links=self.link)
        for word, count in converted.counts.items():
            example = f"{record.title}: {converted.examples[word]}".rstrip(": ")
            self.context.report.tell(word, example, count)
        return converted.html

    def link(self, href: str) -> str:
        """Where a link of a text leads from now on."""
        address, fragment = urldefrag(href)
        if address.startswith(records.LINK):
            return self._link_by_key(unquote(address.removeprefix(records.LINK)), fragment)
        path = self.context.local_path(address) if address else None
        if path is None:
            return href
        found = self.context.spool.leads(without_slash(path))
        if found:
            # Comments have other numbers here.
            keep = fragment and not _COMMENTS.fullmatch(fragment)
            return f"{found}#{fragment}" if keep else found
        if _PICTURE.search(path):
            return href
        if _UPLOAD.search(path):
            self.context.report.tell("file", f"{path} ({self.title})")
            return href
        if path not in ("/", ""):
            self.context.report.tell("link", path)
        return href if urlsplit_host(href) else path

    def _link_by_key(self, key: str, fragment: str) -> str:
        """Where another text of the source stands; "" for none that comes."""
        planned = self.context.spool.planned
        found = planned(f"article:{key}") or planned(f"page:{key}")
        if found is None:
            self.context.report.tell("link", key)
            return ""
        return f"{found[1]}#{fragment}" if fragment else found[1]

    def _people(self, article: Article, record: records.Article) -> list[Author]:
        names = record.authors or tuple(filter(None, [self.context.options.default_author]))
        numbers = [self.people.named(name) for name in names]
        found = Author.objects.in_bulk([number for number in numbers if number])
        people = list(dict.fromkeys(found[number] for number in numbers if number in found))
        if not names and article.status in _OUT:
            self.context.report.tell("no author", record.title)
            article.status = Status.DRAFT
        return people

    def _save(
        self, article: Article, record: records.Article, people: list[Author], tags: list[Tag]
    ) -> None:
        modified = article.modified_at
        article_save(article=article, authors=people, tags=tags, editor=None, expected_version=None)
        # When its words last changed is what the old site says, not the moment of moving.
        Article.objects.filter(pk=article.pk).update(modified_at=modified)
        self._redirects(article, record)

    def _redirects(self, article: Article, record: records.Article) -> None:
        for old in old_paths(self.context, record):
            if old == article.get_absolute_url():
                continue
            _row, made = Redirect.objects.get_or_create(old_path=old, defaults={"article": article})
            if made:
                self.context.report.came("redirect", NEW)


def _entry_id(record: records.Article) -> str:
    """What feeds named it by, so that readers' programs know it again; else a new id."""
    # A move that an earlier release began has records without it.
    told = getattr(record, "entry", "")
    taken = not _URI.fullmatch(told) or Article.objects.filter(entry_id=told).exists()
    return new_entry_id() if taken else told


def source_digest(record: records.Article) -> bytes:
    """Of what a source says; what searches show counts where it is said, as it came later."""
    searched = _searched(record)
    return digest_of((record, searched)) if any(searched) else digest_of(record)


def take_searched(text: Text, record: records.Article) -> None:
    """Give a text the title and the description for searches, cut to what fits."""
    title, description = _searched(record)
    text.search_title = title[:160].rstrip()
    text.search_description = description[:320].rstrip()


def _searched(record: records.Article) -> tuple[str, str]:
    # A move that an earlier release began has records without them.
    said = (getattr(record, name, "") for name in ("search_title", "search_description"))
    title, description = (" ".join(tame(text).split()) for text in said)
    return title, description


def own_searched(text: Text) -> tuple[tuple[str, str], ...]:
    """For a digest of what an editor can change: nothing where nothing was chosen."""
    chosen = (text.search_title, text.search_description)
    return (chosen,) if any(chosen) else ()


def old_paths(context: Context, record: records.Article) -> list[str]:
    """The paths at which an article or page stood."""
    # A number is the front page's, wherever that stood.
    told = (record.address, *record.aliases)
    here = (context.base + item if item.startswith("/?") else item for item in told)
    found = (context.local_path(item) for item in here if item)
    return [old for old in found if old and old != "/" and len(old) <= 300]


def leads(context: Context, record: records.Article, path: str) -> None:
    """Remember that the old paths of an article or page lead to `path`."""
    for old in old_paths(context, record):
        context.spool.lead(without_slash(old), path)


def title_of(context: Context, record: records.Article) -> str:
    """A title that fits."""
    title = " ".join(tame(record.title).split())
    if not title or len(title) > 160:
        context.report.tell("title", title or record.address or record.key)
        title = title[:159] + "…" if title else _("Without a title")
    return title


def urlsplit_host(href: str) -> bool:
    """Whether an address names a host."""
    return "://" in href


def _digest(
    article: Article, people: list[Author] | None = None, tags: list[Tag] | None = None
) -> bytes:
    """Of what an editor can change, so that it is noticed when one did."""
    if people is None:
        people = [link.author for link in article.article_authors.select_related("author")]
    if tags is None:
        tags = list(article.tags.all())
    status = Status.PUBLISHED if article.status in _OUT else article.status
    moment = article.published_at.timestamp() if article.published_at else None
    return digest_of(
        (
            article.title,
            article.slug,
            article.lead,
            article.body_source,
            str(status),
            moment,
            article.language,
            str(article.comment_policy),
            article.picture_id,
            [author.pk for author in people],
            sorted(tag.pk for tag in tags),
            *own_searched(article),
        )
    )
