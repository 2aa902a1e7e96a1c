"""The quality check of a text against the library and the articles of this site."""

from __future__ import annotations

from html import unescape
from urllib.parse import unquote

from blog.content import quality, sanitiser
from blog.models import Article, Image, Redirect, Text
from blog.publishing import own_links
from blog.site.own_paths import is_answered


def check(
    *, title: str, lead: str | None, source: str, picture: int | None
) -> list[quality.Finding]:
    """Quality findings of a text in the form; `lead` is None for kinds without a lead.

    Raises `html_bounds.TooLarge`.
    """
    source = sanitiser.clean(source, own_links.own_addresses(source))
    numbers = sanitiser.article_numbers(source)
    pictures = Image.objects.in_bulk(
        {*sanitiser.picture_numbers(source), *([picture] if picture else [])}
    )
    public = set(Article.objects.published().filter(pk__in=numbers).values_list("pk", flat=True))
    there = Article.objects.filter(pk__in=numbers, trashed_at__isnull=True)
    world = quality.World(
        pictures=pictures,
        public=frozenset(public),
        waiting=frozenset(set(there.values_list("pk", flat=True)) - public),
        dead=frozenset(path for path in quality.site_paths(source) if not _leads_somewhere(path)),
    )
    shown = pictures.get(picture) if picture else None
    return quality.findings(quality.Draft(title, lead, source, shown), world)


def check_text(text: Text) -> list[quality.Finding]:
    """Quality findings of a stored text."""
    article = text if isinstance(text, Article) else None
    return check(
        title=text.title,
        lead=article.lead if article else None,
        source=text.body_source,
        picture=article.picture_id if article else None,
    )


def _leads_somewhere(path: str) -> bool:
    path = unquote(unescape(path).partition("?")[0])
    if "\0" in path:
        return False
    moved = Redirect.objects.filter(old_path=path[:300]).first()
    if moved is not None:
        return bool(moved.article_id or moved.target)  # Without either it is gone.
    return is_answered(path) or is_answered(f"{path}/")
