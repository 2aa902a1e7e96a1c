"""Jobs that draw missing or outdated share images."""

from __future__ import annotations

import hashlib
import logging
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import pgettext

from blog.discovery import share_pictures
from blog.discovery.metadata import sharable
from blog.models import Article, SiteSettings
from blog.site.settings import site_settings

# Half a second each at the most; their rows are not locked meanwhile.
_AT_ONCE = 10
_log = logging.getLogger(__name__)


def draw_missing() -> int:
    """Draw for published articles that changed since; gives the number of new pictures.

    Only the worker draws, once for each version, so no reader can make the server do it. One that
    cannot be drawn goes without until it is saved again.
    """
    late = Article.objects.published().filter(card_version__lt=F("version")).with_people()
    site = site_settings()
    drawn: list[tuple[Article, str]] = []
    for article in late.defer("body_source", "body_html", "body_text", "search")[:_AT_ONCE]:
        try:
            drawn.append((article, _draw(article, site)))
        except Exception:
            _log.exception("no picture for article %d", article.pk)
            drawn.append((article, ""))
    for article, name in drawn:
        Article.objects.filter(pk=article.pk).update(card=name, card_version=article.version)
        if article.card and article.card != name:
            transaction.on_commit(partial(default_storage.delete, article.card))
    return sum(bool(name) for _article, name in drawn)


def _draw(article: Article, site: SiteSettings) -> str:
    """Draw and store the picture; its name holds a digest of what it shows."""
    with translation.override(article.language):
        last = pgettext("byline: Ann and Bo", "and")
        names = get_text_list([author.name for author in article.byline], last)
        byline = f"{pgettext('byline: By Ann', 'By')} {names}" if names else ""
    shown = sharable(article.picture) if article.picture else None
    picture = None
    if article.picture and shown is not None and default_storage.exists(shown["name"]):
        with default_storage.open(shown["name"]) as file:
            picture = share_pictures.Beside(file.read(), article.picture.focus)
    data = share_pictures.draw(
        share_pictures.ShareImage(article.title, byline, site.title, site.accent), picture
    )
    name = f"cards/{article.pk}-{hashlib.sha256(data).hexdigest()[:16]}.png"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))
