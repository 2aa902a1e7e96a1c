"""URLs of an article: current and former."""

from __future__ import annotations

from blog.content.slugs import slug_from, unique
from blog.models import Article, Redirect
from core import locks
from core.locks import Lock


def address_of(article: Article) -> str:
    """The public URL; empty when readers cannot see the article."""
    return article.get_absolute_url() if article.is_public else ""


def free_slug(article: Article) -> str:
    """A slug of the title that no article has, or had where readers may still follow it.

    Two articles of one title, saved at one moment, each get a slug of their own: the second waits
    here until the first one's transaction ends.
    """
    stem = slug_from(article.title) or "artikel"
    locks.hold(Lock.ARTICLE_NAME, stem)
    others = Article.objects.filter(slug__startswith=stem).exclude(pk=article.pk)
    taken = set(others.values_list("slug", flat=True))
    moved = Redirect.objects.filter(article__isnull=False, old_path__contains=f"/{stem}")
    known = moved.values_list("old_path", flat=True)
    taken |= {path.strip("/").rpartition("/")[2] for path in known}
    return unique(stem, taken)


def addresses_keep(stored: Article | None, article: Article) -> None:
    """Store a redirect for a URL that readers knew.

    Once they see it, its own address leads nowhere else. The caller has saved the article.
    """
    address, before = article.get_absolute_url(), address_of(stored) if stored else ""
    if before and (before != address or not article.is_public):
        # Pointing at the article, not at its address, nothing that led here becomes a chain.
        Redirect.objects.filter(target=before).update(target="", article=article)
        Redirect.objects.update_or_create(
            old_path=before, defaults={"article": article, "target": ""}
        )
    if article.is_public:
        Redirect.objects.filter(old_path=address).delete()
