"""Services that rename, merge and delete tags, series and authors, with redirects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from authors.models import Author, User
from authors.signals import renamed
from blog.content.slugs import slug_from, unique
from blog.models import Article, ArticleAuthor, Redirect, Series, Tag
from blog.signals import bylines_changed
from blog.site.menus import menu_links_renew
from blog.site.redirects import address_moves
from blog.site.settings import site_changed


def _naming(source: models.Model) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """Rows of each table that refer to `source`, with the name of the field."""
    for relation in source._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            name = relation.field.name
            yield name, relation.related_model._base_manager.filter(**{name: source})


def named_in(source: models.Model) -> list[tuple[str, int]]:
    """Labels of the tables that refer to `source`, with the number of references."""
    found = []
    for _name, rows in _naming(source):
        # A table that only joins two others is called after the other one.
        model = rows.model._meta.auto_created or rows.model
        if count := rows.count():
            found.append((str(model._meta.verbose_name_plural), count))
    return found


def repoint(source: models.Model, target: models.Model) -> None:
    """Point all references from `source` to `target`, without duplicates."""
    for name, rows in _naming(source):
        try:
            with transaction.atomic():
                rows.update(**{name: target})
            continue
        except IntegrityError:
            pass  # Something names both.
        for row in rows:
            try:
                with transaction.atomic():
                    rows.model._base_manager.filter(pk=row.pk).update(**{name: target})
            except IntegrityError:
                row.delete()


def _tag_like(name: str, slug: str) -> Tag | None:
    """By its name, else by its name in other capitals, else by its slug."""
    alike = list(Tag.objects.filter(Q(name__iexact=name) | Q(slug=slug)).order_by("pk"))
    # The best one first: False comes before True.
    alike.sort(key=lambda tag: (tag.name != name, tag.name.lower() != name.lower()))
    return alike[0] if alike else None


def tag_named(words: str, *, slug: str = "") -> Tag:
    """The tag with this name (not empty), created when there is none.

    The name comes before the address: an editor may have changed either of them. `slug` is the
    address that a new one gets; else it comes from the name.
    """
    name = " ".join(words.split())[:60].strip()
    slug = slug or slug_from(name, longest=60)
    for _turn in range(5):
        found = _tag_like(name, slug)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return Tag.objects.create(name=name, slug=slug or _free_address())
        except IntegrityError:
            continue  # Somebody made it, or another of that address, this moment.
    raise IntegrityError(f"no address for the tag {name!r}")


def _free_address() -> str:
    """For names that no address can be made of."""
    taken = set(Tag.objects.filter(slug__startswith="onderwerp").values_list("slug", flat=True))
    return unique("onderwerp", taken)


@transaction.atomic
def tag_save(*, tag: Tag) -> Tag:
    """Save a tag; a changed URL leaves a redirect."""
    stored = Tag.objects.select_for_update().filter(pk=tag.pk).first()
    tag.save()
    if stored is not None:
        address_moves(old=stored.get_absolute_url(), new=tag.get_absolute_url())
    Redirect.objects.filter(old_path=tag.get_absolute_url()).delete()
    menu_links_renew()
    return tag


@transaction.atomic
def tag_merge(*, kept: Tag, gone: Tag) -> None:
    """Merge tag `gone` into `kept`, with a redirect."""
    repoint(gone, kept)
    if gone.description and not kept.description:
        kept.description = gone.description
        kept.save(update_fields=["description"])
    gone.delete()
    address_moves(old=gone.get_absolute_url(), new=kept.get_absolute_url())
    menu_links_renew()


@transaction.atomic
def tag_delete(*, tag: Tag) -> None:
    """Delete a tag; its URL answers 410."""
    address_moves(old=tag.get_absolute_url(), new="")
    tag.delete()
    menu_links_renew()


@transaction.atomic
def series_save(*, series: Series) -> Series:
    """Save a series; a changed URL leaves a redirect."""
    stored = Series.objects.select_for_update().filter(pk=series.pk).first()
    series.save()
    if stored is not None:
        address_moves(old=stored.get_absolute_url(), new=series.get_absolute_url())
    Redirect.objects.filter(old_path=series.get_absolute_url()).delete()
    site_changed()
    return series


@transaction.atomic
def series_parts_set(*, series: Series, articles: Sequence[Article]) -> None:
    """Set the parts of a series in this order.

    An article's form that is open meanwhile is stale then, and undoes nothing unseen. Locks the
    rows that change; the trash is not looked at.
    """
    wanted = {article.pk: place for place, article in enumerate(articles, start=1)}
    rows = Article.objects.filter(Q(series=series, trashed_at=None) | Q(pk__in=wanted))
    for row in rows.order_by("pk").select_for_update().only("pk", "series_id", "series_place"):
        place = wanted.get(row.pk)
        after = (series.pk if place else None, place)
        if (row.series_id, row.series_place) != after:
            Article.objects.filter(pk=row.pk).update(
                series=after[0], series_place=place, version=F("version") + 1
            )
    site_changed()


@transaction.atomic
def series_delete(*, series: Series) -> None:
    """Delete a series, not its articles; its address says 410 from then on."""
    address_moves(old=series.get_absolute_url(), new="")
    series.delete()
    site_changed()


@transaction.atomic
def author_merge(*, kept: Author, gone: Author) -> None:
    """Merge author `gone` into `kept`, with a redirect.

    Their account goes along when `kept` has none. Raises `TwoAccounts` when both have one.
    """
    if gone.user_id and kept.user_id:
        raise TwoAccounts
    user, gone.user = gone.user, None
    gone.save(update_fields=["user"])
    repoint(gone, kept)
    if user is not None:
        kept.user = user
    for name in ("role", "affiliation", "bio", "website"):
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    if not kept.photo:
        kept.photo, kept.photo_renditions = gone.photo, gone.photo_renditions
    kept.version += gone.version
    kept.save()
    gone.delete()
    renamed.send(Author, person=kept, before=gone.name)
    bylines_changed.send(Article, authors=[kept.pk])
    address_moves(old=gone.get_absolute_url(), new=kept.get_absolute_url())
    site_changed()


class TwoAccounts(ValueError):
    """Both authors have an account."""


def author_moved(*, old: str, author: Author) -> None:
    """An author whose page was at `old` (empty for a new one) is stored: their address leads
    nowhere else, and every page that names them is renewed."""
    if old:
        address_moves(old=old, new=author.get_absolute_url())
    Redirect.objects.filter(old_path=author.get_absolute_url()).delete()
    site_changed()


def person_renamed(sender: Any, *, person: Author | User, **_more: Any) -> None:
    """Renew what names an author; receives `authors.signals.renamed`.

    The pictures for sharing their articles bear their name.
    """
    if isinstance(person, Author):
        hers = ArticleAuthor.objects.filter(author=person).values("article")
        Article.objects.filter(pk__in=hers).exclude(card="").update(card_version=0)
        site_changed()


@transaction.atomic
def author_delete(*, author: Author) -> None:
    """Delete an author without articles; the address of their page says 410 from then on.

    Raises ProtectedError for one that an article names.
    """
    address_moves(old=author.get_absolute_url(), new="")
    author.delete()
    site_changed()
