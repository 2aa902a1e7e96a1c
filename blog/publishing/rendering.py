"""Renders and stores the bodies of articles and pages, and of texts that link to them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from blog.content import embeds, sanitiser
from blog.models import (
    Article,
    Image,
    Page,
)
from blog.publishing import own_links
from blog.site.settings import site_changed
from core import html_bounds


def links_changed(article: Article) -> None:
    """Queue rendering of texts that link to `article`, whose URL changed."""
    linked = Article.objects.filter(links_to__contains=[article.pk])
    if linked.exists() or _pages_linking(article.pk).exists():
        transaction.on_commit(lambda: links_renew_later.enqueue(article.pk), robust=True)


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


def render_body(article: Article) -> None:
    """Clean the text and compute all fields derived from it. Raises ValidationError."""
    try:
        own = own_links.own_addresses(article.body_source)
        article.body_source = sanitiser.clean(article.body_source, own)
    except html_bounds.TooLarge as error:
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


@task()
def links_renew_later(number: int) -> None:
    """Render the texts that link to article `number` anew."""
    links_renew(number=number)
