"""Rows for tests: each function makes one thing that is valid as it stands.

What a test is about, it says itself; the rest is filled in. Names and slugs are unique within
a run. Rows are made directly, so that a test of a service starts from rows that no service made.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from PIL import Image as Pixels

from authors.models import Author, User
from blog.content.sanitiser import picture_numbers
from blog.models import Article, ArticleAuthor, Image, Status, Tag

_numbers = itertools.count(1)


def make_user(
    username: str = "", *, role: str | Iterable[str] | None = None, **fields: Any
) -> User:
    """An account that may enter the admin; `role` is a `Role` or several, None for no group.

    The password is "geheim-woord".
    """
    number = next(_numbers)
    fields.setdefault("is_staff", True)
    user = User(username=username or f"user{number}", **fields)
    user.set_password("geheim-woord")
    user.save()
    names = [role] if isinstance(role, str) else list(role or ())
    user.groups.set(Group.objects.filter(name__in=names))
    return user


def make_author(name: str = "", *, user: User | None = None, **fields: Any) -> Author:
    """An author; a guest unless `user` is given."""
    number = next(_numbers)
    name = name or f"Anna Schrijver {number}"
    fields.setdefault("slug", f"{slugify(name)}-{number}")
    fields.setdefault("role", "Redacteur")
    fields.setdefault("bio", f"{name} schrijft.")
    return Author.objects.create(name=name, user=user, **fields)


def make_tag(name: str = "", **fields: Any) -> Tag:
    """A tag."""
    name = name or f"Onderwerp {next(_numbers)}"
    return Tag.objects.create(name=name, **{"slug": slugify(name), **fields})


def make_article(
    title: str = "",
    *,
    status: str = Status.PUBLISHED,
    authors: Sequence[Author] | None = None,
    tags: Sequence[Tag] = (),
    body: str = "<p>Een alinea over werk.</p>",
    **fields: Any,
) -> Article:
    """An article; published since now and by one new author, unless said otherwise.

    `body` is taken as it stands, for source and page alike.
    """
    number = next(_numbers)
    title = title or f"Artikel {number}"
    if status not in (Status.DRAFT, Status.REVIEW):
        fields.setdefault("published_at", timezone.now())
    fields.setdefault("slug", f"{slugify(title)[:100]}-{number}")
    text = strip_tags(body)
    article = Article.objects.create(
        title=title,
        status=status,
        body_source=body,
        body_html=body,
        body_text=text,
        word_count=len(text.split()),
        figures=picture_numbers(body),
        **fields,
    )
    people = [make_author()] if authors is None else authors
    ArticleAuthor.objects.bulk_create(
        ArticleAuthor(article=article, author=author, position=position)
        for position, author in enumerate(people)
    )
    article.tags.set(tags)
    return article


def make_image(alt: str = "Een brug over een gracht", **fields: Any) -> Image:
    """A picture of the library, without files behind its names."""
    number = next(_numbers)
    name = f"pictures/picture-{number:016x}"
    values: dict[str, Any] = {
        "file": f"{name}.jpg",
        "digest": f"{number:064x}",
        # With its size given, Django does not look for it in the file that is not there.
        "width": 800,
        "height": 400,
        "caption": "Het bijschrift.",
        "credit": "De maker",
        "renditions": [
            {"format": kind, "width": wide, "height": wide // 2, "name": f"{name}-{wide}.{ending}"}
            for kind, ending in (("avif", "avif"), ("webp", "webp"), ("jpeg", "jpg"))
            for wide in (400, 800)
        ],
        **fields,
    }
    return Image.objects.create(alt=alt, **values)


def make_upload(
    *, size: tuple[int, int] = (640, 400), colour: str = "#a33", name: str = "Foto.JPG"
) -> SimpleUploadedFile:
    """A picture as a browser sends it; other colours make other pictures."""
    pixels = Pixels.radial_gradient("L").resize(size)
    picture = Pixels.merge("RGB", (pixels, pixels, pixels))
    picture.paste(colour, (0, 0, 8, 8))
    target = BytesIO()
    picture.save(target, "JPEG")
    return SimpleUploadedFile(name, target.getvalue(), content_type="image/jpeg")
