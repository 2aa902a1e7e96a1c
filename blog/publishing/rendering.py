"""Renders and stores the bodies of articles and pages, and of texts that link to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from blog.content import embeds, sanitiser
from blog.models import Article, Image, Page, Text
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
    linked = Article.objects.filter(links_to__contains=[number])
    count = sum(bodies_renew(texts) for texts in (linked, _pages_linking(number)))
    if count:
        site_changed()
    return count


def _pages_linking(number: int) -> QuerySet[Page]:
    return Page.objects.filter(body_source__regex=rf'"article:{number}["#]')


def body_set(text: Text) -> None:
    """Clean the text and compute all fields derived from it. Raises ValidationError."""
    is_article = isinstance(text, Article)
    own = own_links.own_addresses(text.body_source) if is_article else None
    try:
        source = sanitiser.clean(text.body_source, own)
    except html_bounds.TooLarge as error:
        words = _("The text is too long or too deeply nested.")
        raise ValidationError({"body_source": words}) from error
    for name, value in body_columns(type(text), source, text.language).items():
        setattr(text, name, value)


def body_columns(model: type[Text], source: str, language: str) -> dict[str, Any]:
    """The body's columns in `model`, articles or pages, for the cleaned body `source`."""
    rendered = rendered_body(source, language)
    columns: dict[str, Any] = {
        "body_source": source,
        "body_html": rendered.html,
        "body_text": rendered.text,
        "toc": rendered.toc,
        "figures": sanitiser.picture_numbers(source),
    }
    if model is Article:
        columns["word_count"] = rendered.word_count
        columns["links_to"] = sanitiser.article_numbers(source)
        columns["videos"] = embeds.services_in(rendered.html)
    return columns


def bodies_renew(texts: QuerySet[Any]) -> int:
    """Render the stored bodies of articles or pages anew; gives how many there were.

    Locks each row by itself.
    """
    numbers = list(texts.values_list("pk", flat=True))
    for number in numbers:
        with transaction.atomic():
            found = texts.model._default_manager.select_for_update().filter(pk=number).first()
            if found is not None:
                found.body_html = rendered_body(found.body_source, found.language).html
                found.save(update_fields=["body_html"])
    return len(numbers)


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
