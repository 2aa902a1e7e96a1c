"""Where pictures of the library are used, and what their old addresses lead to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext as _

from blog.models import Article, Image, Page, RetiredPicture

LISTED: Final = 100
"""Uses of one picture that are listed."""
# An article that shows a picture above and in its text counts once; the ORM counts no union.
_COUNTED = """
SELECT number, count(*) FROM (
    SELECT picture_id AS number, id FROM blog_article WHERE picture_id = ANY(%(numbers)s)
    UNION
    SELECT share_picture_id, id FROM blog_article WHERE share_picture_id = ANY(%(numbers)s)
    UNION
    SELECT unnest(figures), id FROM blog_article WHERE figures && %(numbers)s::bigint[]
    UNION
    SELECT unnest(figures), -id FROM blog_page WHERE figures && %(numbers)s::bigint[]
) AS uses
WHERE number = ANY(%(numbers)s) GROUP BY number
"""


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A row that shows a picture, and how."""

    row: Any
    ways: tuple[str, ...]


def use_counts(numbers: Collection[int]) -> dict[int, int]:
    """How many articles, pages and other rows show each picture; a fixed number of statements."""
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"numbers": list(numbers)})
        counts = {number: int(count) for number, count in cursor.fetchall()}
    for field in other_fields():
        shown = field.model._default_manager.filter(**{f"{field.name}__in": numbers})
        for number in shown.order_by().values_list(field.attname, flat=True):
            counts[number] = counts.get(number, 0) + 1
    for model in other_texts():
        shown = model._default_manager.filter(figures__overlap=list(numbers)).order_by()
        for figures in shown.values_list("figures", flat=True):
            for number in set(figures).intersection(numbers):
                counts[number] = counts.get(number, 0) + 1
    return counts


def other_fields() -> list[models.ForeignKey[Any, Any]]:
    """The fields of other tables than articles that hold a picture, those of other apps too."""
    return [
        relation.field
        for relation in Image._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.related_model not in (Article, RetiredPicture)
    ]


def other_texts() -> list[type[models.Model]]:
    """The models of other apps whose text shows pictures: those with `figures`."""
    return [
        model
        for model in apps.get_models()
        if model not in (Article, Page)
        and any(field.name == "figures" for field in model._meta.concrete_fields)
    ]


def articles_with(number: int) -> models.QuerySet[Article]:
    """The articles that show a picture in any way, those in the trash too."""
    return Article.objects.filter(
        Q(picture=number) | Q(share_picture=number) | Q(figures__contains=[number])
    ).order_by("pk")


def pages_with(number: int) -> models.QuerySet[Page]:
    """The pages that show a picture, those in the trash too."""
    return Page.objects.filter(figures__contains=[number]).order_by("pk")


def uses_of(image: Image) -> list[PictureUse]:
    """What shows a picture: articles, pages, then all else; the first `LISTED` of each."""
    found = []
    for article in articles_with(image.pk).light()[:LISTED]:  # type: ignore[attr-defined]
        ways = (
            (article.picture_id == image.pk, _("above the text")),
            (image.pk in article.figures, _("in the text")),
            (article.share_picture_id == image.pk, _("where it is shared")),
        )
        found.append(PictureUse(article, tuple(words for is_so, words in ways if is_so)))
    for page in pages_with(image.pk).defer("body_source", "body_html", "search")[:LISTED]:
        found.append(PictureUse(page, (_("in the text"),)))
    for field in other_fields():
        rows = field.model._default_manager.filter(**{field.name: image.pk})[:LISTED]
        found += [PictureUse(row, (str(field.verbose_name),)) for row in rows]
    for model in other_texts():
        texts = model._default_manager.filter(figures__contains=[image.pk]).order_by("pk")[:LISTED]
        found += [PictureUse(row, (_("in the text"),)) for row in texts]
    return found


def with_use(images: models.QuerySet[Image], *, used: bool) -> models.QuerySet[Image]:
    """The pictures that something shows, or those that nothing shows.

    What is used is gathered once: to ask the index for each picture takes minutes for 50,000.
    """
    sources: list[models.QuerySet[Any, Any]] = [
        Article.objects.exclude(**{name: None}).order_by().values_list(name)
        for name in ("picture", "share_picture")
    ]
    unnested = models.Func(models.F("figures"), function="unnest")
    showing: list[type[models.Model]] = [Article, Page, *other_texts()]
    for model in showing:
        texts = model._default_manager.exclude(figures=[]).order_by()
        sources.append(texts.values_list(unnested))
    for field in other_fields():
        rows = field.model._default_manager.exclude(**{field.name: None}).order_by()
        sources.append(rows.values_list(field.name))
    shown = sources[0].union(*sources[1:])
    return images.filter(pk__in=shown) if used else images.exclude(pk__in=shown)


def numbers_of(marks: Collection[str]) -> dict[str, int]:
    """The numbers of pictures by the parts of their digests that their addresses hold."""
    found: dict[str, int] = {}
    for mark in sorted(marks)[:LISTED]:
        numbers = Image.objects.filter(digest__startswith=mark).order_by("-pk")
        number = numbers.values_list("pk", flat=True).first()
        if number is not None:
            found[mark] = number
    return found


def successor_of(mark: str) -> Image | None:
    """The picture that addresses with this part of a digest lead to now.

    None: it is withdrawn, or gone with the picture that came after it. Raises
    `RetiredPicture.DoesNotExist` for a picture that the site does not know.
    """
    image = Image.objects.filter(digest__startswith=mark).order_by("pk").first()
    if image is not None:
        return image  # Other sizes of it: it was cropped.
    retired = RetiredPicture.objects.select_related("image").filter(digest__startswith=mark)
    found = retired.first()
    if found is None:
        raise RetiredPicture.DoesNotExist
    return found.image
