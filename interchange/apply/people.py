"""Storing of authors and tags."""

from __future__ import annotations

from io import BytesIO

from django.db import transaction

from authors.models import Author, ProfileLink, User
from authors.services import author_save
from blog.content.slugs import slug_from, unique
from blog.models import Tag
from blog.publishing.subjects import tag_named
from comments.thread.names import WebsiteRefused, clean_website
from core.pictures import PictureError
from core.text import tame
from interchange import records
from interchange.apply.base import Context, digest_of
from interchange.models import ImportedKind
from interchange.report import NEW

# What WordPress calls the category of what has none, in its translations.
_NO_CATEGORY = {
    "uncategorized", "uncategorised", "geen-categorie", "ongecategoriseerd", "niet-gecategoriseerd",
    "zonder-categorie", "non-classe", "non-classifiee", "sans-categorie", "allgemein",
    "nicht-kategorisiert", "unkategorisiert", "ohne-kategorie", "sin-categoria",
    "sin-categorizar", "sense-categoria", "sem-categoria", "nao-categorizado", "senza-categoria",
    "non-categorizzato", "bez-kategorii", "nezarazene", "nezaradene", "kategorizalatlan",
    "egyeb-kategoria", "fara-categorie", "kategorisiz", "genel", "okategoriserade",
    "ukategorisert", "ikke-kategoriseret", "ikke-kategoriserede", "kategoriton", "luokittelematon",
    "artikkelit-ilman-kategoriaa", "nekategorizirano", "nekategorisano", "nerazvrsceno",
    "nekategorizuota", "be-kategorijos", "bez-rubriki",
    "tak-berkategori", "chua-phan-loai",
}  # fmt: skip


def website(context: Context, url: str) -> str:
    """`url` as a website may be, or nothing."""
    try:
        return clean_website(url)
    except WebsiteRefused:
        context.report.tell("website", url)
        return ""


class People:
    """Persons become authors; who is here already is kept as they are."""

    def __init__(self, context: Context) -> None:
        self.context = context
        # Numbers of authors by the person's key; None in a dry run for who would be new.
        self.numbers: dict[str, int | None] = {}

    def store(self, record: records.Person) -> None:
        """One person."""
        context = self.context
        digest = digest_of(record)
        known = context.known(ImportedKind.PERSON, [record.key]).get(record.key[:300])
        author = Author.objects.filter(pk=known.number).first() if known else None
        if known is not None:
            current = _digest(author) if author else None
            if context.verdict("person", known, digest, current):
                return
        adopted = author is None and self._same(record)
        if adopted:
            context.report.tell("adopted", record.name)
            if not context.dry:
                context.remember(
                    ImportedKind.PERSON, record.key, adopted.pk, digest, _digest(adopted)
                )
            return
        if context.dry:
            context.report.came("person", NEW) if author is None else context.renewed(
                "person", True
            )
            return
        self._save(record, author, digest)

    @transaction.atomic
    def _save(self, record: records.Person, author: Author | None, digest: bytes) -> None:
        context = self.context
        before = _digest(author) if author else b""
        fresh = author is None
        author = author or Author(slug=_free_slug(record))
        author.name = tame(record.name)[:80] or record.key[:80]
        author.bio = tame(record.bio)[:2000]
        author.role = tame(record.role)[:120]
        author.website = website(context, record.website) if record.website else ""
        photo = self._photo(record)
        author_save(author=author, photo=BytesIO(photo) if photo else None)
        ProfileLink.objects.filter(author=author).delete()
        for position, link in enumerate(record.links):
            url = website(context, link.url)
            if url:
                ProfileLink.objects.create(
                    author=author, label=link.label[:40], url=url, position=position
                )
        context.remember(ImportedKind.PERSON, record.key, author.pk, digest, _digest(author))
        if fresh:
            context.report.came("person", NEW)
        else:
            context.renewed("person", before != _digest(author))

    def _photo(self, record: records.Person) -> bytes | None:
        context = self.context
        if not record.photo or context.media is None:
            return None
        picture = context.spool.get("Picture", record.photo)
        data = context.media.open(picture.place if picture else record.photo)
        if data is None:
            context.report.tell("picture", record.photo)
            return None
        try:
            from core import pictures

            pictures.inspect(data, still=True)
            if pictures.is_moving(data):
                context.report.tell("moving picture", record.photo)
        except PictureError:
            context.report.tell("bad picture", record.photo)
            return None
        return data

    def _same(self, record: records.Person) -> Author | None:
        """An author of this site who is this person: by slug and name, or, when the owner of the
        site says so, by the address of their account."""
        if record.email and self.context.options.link_accounts:
            user = User.objects.filter(email__iexact=record.email, author__isnull=False).first()
            if user is not None:
                return user.author
        slug = slug_from(record.slug or record.name)
        return Author.objects.filter(slug=slug, name=record.name).first()

    def number(self, name: str) -> int | None:
        """The number of the author who goes by `name` in the source; None: nobody, or not yet."""
        key = self.context.spool.person(name)
        if not key:
            return None
        if key not in self.numbers:
            known = self.context.known(ImportedKind.PERSON, [key]).get(key[:300])
            exists = known and Author.objects.filter(pk=known.number).exists()
            self.numbers[key] = known.number if known and exists else None
        return self.numbers[key]

    def named(self, name: str) -> int | None:
        """The author of that name, made when nobody of that name is in the source."""
        number = self.number(name)
        if number is not None or self.context.dry:
            return number
        if not self.context.spool.person(name):
            self.context.report.tell("byline", name)
            record = records.Person(key=name, name=name, slug=name)
            self.context.spool.add(record)
            self.store(record)
            self.numbers.pop(name, None)
        return self.number(name)


def _free_slug(record: records.Person) -> str:
    stem = slug_from(record.slug or record.name) or slug_from(record.name) or "auteur"
    taken = set(Author.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return unique(stem, taken)


def _digest(author: Author) -> bytes:
    links = [(link.label, link.url) for link in author.links.all()]
    return digest_of((author.name, author.slug, author.role, author.bio, author.website, links))


class Tags:
    """Categories, tags and labels become tags; two of one name are one."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.found: dict[str, Tag | None] = {}

    def store(self, record: records.Tag) -> None:
        """One subject."""
        context = self.context
        slug = slug_from(record.slug or record.name, longest=60)
        if slug in _NO_CATEGORY:
            context.report.tell("no category", record.name)
            return
        digest = digest_of(record)
        known = context.known(ImportedKind.TAG, [record.key]).get(record.key[:300])
        if known is not None:
            tag = Tag.objects.filter(pk=known.number).first()
            current = digest_of((tag.name, tag.slug)) if tag else None
            # A new name there is no reason to rename what readers know here.
            if context.verdict("tag", known, bytes(known.digest), current):
                return
        if context.dry:
            context.report.came("tag", NEW)
            return
        tag = self._make(record, slug)
        if tag is not None:
            context.remember(
                ImportedKind.TAG, record.key, tag.pk, digest, digest_of((tag.name, tag.slug))
            )
            context.report.came("tag", NEW)

    def _make(self, record: records.Tag, slug: str) -> Tag | None:
        name = tame(record.name).strip()
        if not name:
            return None
        tag = tag_named(name, slug=slug)
        # A move that an earlier release began has records without it.
        described = " ".join(tame(getattr(record, "description", "")).split())[:600]
        if described and not tag.description:
            tag.description = described
            tag.save(update_fields=["description"])
        return tag

    def get(self, keys: tuple[str, ...]) -> list[Tag]:
        """The tags of those keys, as far as they are here."""
        missing = [key for key in keys if key not in self.found]
        if missing:
            known = self.context.known(ImportedKind.TAG, missing)
            numbers = [row.number for row in known.values()]
            tags = Tag.objects.in_bulk(numbers)
            for key in missing:
                row = known.get(key[:300])
                self.found[key] = tags.get(row.number) if row else None
        found = [self.found[key] for key in keys]
        return list(dict.fromkeys(tag for tag in found if tag is not None))
