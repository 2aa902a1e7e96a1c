"""Storing of pages, which stand outside the stream of articles and have no conversation."""

from __future__ import annotations

from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction

from blog.content import sanitiser
from blog.content.slugs import slug_from, unique
from blog.models import Page, Redirect
from blog.publishing.pages import is_free, page_save
from core import html_bounds
from interchange import records
from interchange.apply.articles import (
    Articles,
    leads,
    old_paths,
    own_searched,
    source_digest,
    take_searched,
    title_of,
)
from interchange.apply.base import digest_of
from interchange.models import ImportedKind
from interchange.report import NEW


class Pages:
    """Pages by the source's keys; their texts are made as those of articles."""

    def __init__(self, articles: Articles) -> None:
        self.articles, self.context = articles, articles.context

    def plan(self, record: records.Article) -> None:
        """Decide the address that the page will have."""
        known = self.context.known(ImportedKind.PAGE, [record.key]).get(record.key[:300])
        page = Page.objects.filter(pk=known.number).first() if known else None
        page = page or Page(slug=self._slug(record))
        path = page.get_absolute_url()
        self.context.spool.plan(f"page:{record.key}", page.slug, path)
        leads(self.context, record, path)

    def _slug(self, record: records.Article) -> str:
        planned = self.context.spool.planned(f"page:{record.key}")
        if planned is not None and not Page.objects.filter(slug=planned[0]).exists():
            return planned[0]
        stem = slug_from(unquote(record.slug), longest=70) or slug_from(record.title, longest=70)
        stem = stem or "pagina"
        if not is_free(stem):
            stem = f"pagina-{stem}"
        taken = set(Page.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug = unique(stem, taken | self.context.spool.slugs(stem, "page:"))
        if record.slug and slug != unquote(record.slug) and record.status == "published":
            self.context.report.tell("slug", f"{record.title}: {unquote(record.slug)} → {slug}")
        return slug

    def store(self, record: records.Article) -> None:
        """One page; a fault of its own is told and stops nothing else."""
        context = self.context
        for word, example in record.tells:
            context.report.tell("private page" if word == "private" else word, example)
        digest = source_digest(record)
        known = context.known(ImportedKind.PAGE, [record.key]).get(record.key[:300])
        page = Page.objects.filter(pk=known.number).first() if known else None
        if known is not None:
            current = _digest(page) if page else None
            if context.verdict("page", known, digest, current):
                return
        fresh, before = page is None, _digest(page) if page else b""
        planned = context.spool.planned(f"page:{record.key}")
        page = page or Page(slug=planned[0] if planned else self._slug(record))
        page.title = title_of(context, record)
        page.language = record.language if record.language in ("nl", "en") else context.language
        take_searched(page, record)
        page.public = record.status == "published"
        try:
            page.body_source = sanitiser.clean(self.articles.text(record))
        except html_bounds.TooLarge:
            context.report.tell("too large", record.title)
            return
        except html_bounds.Unreadable as error:
            context.report.tell("unreadable", f"{record.title}: {error}")
            return
        if not self.articles.pictures.complete:
            digest = digest_of((digest, "without pictures"))
        same = not fresh and before == _digest(page)
        if not context.dry:
            try:
                with transaction.atomic():
                    if not same:
                        page_save(page=page, editor=None)
                        self._redirects(page, record)
                    context.remember(ImportedKind.PAGE, record.key, page.pk, digest, _digest(page))
            except ValidationError as error:
                context.report.tell("too large", f"{record.title}: {error.messages[0]}")
                return
        if fresh:
            context.report.came("page", NEW)
        else:
            context.renewed("page", not same)

    def _redirects(self, page: Page, record: records.Article) -> None:
        path = page.get_absolute_url()
        for old in old_paths(self.context, record):
            if old == path:
                continue
            _row, made = Redirect.objects.get_or_create(old_path=old, defaults={"target": path})
            if made:
                self.context.report.came("redirect", NEW)


def _digest(page: Page) -> bytes:
    """Of what an editor can change, so that it is noticed when one did."""
    told = (page.title, page.slug, page.body_source, page.language, page.public)
    return digest_of((*told, *own_searched(page)))
