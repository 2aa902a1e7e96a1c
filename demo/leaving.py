"""Removes the demo whole, in one transaction; what its owner made or changed stays."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Field

from authors import accounts
from authors.models import Author, User
from blog.models import (
    Article,
    Image,
    MenuItem,
    Page,
    Redirect,
    Series,
    SiteSettings,
    Tag,
)
from blog.publishing import conversation_lock
from blog.publishing.articles import words_learn_anew
from blog.publishing.trash import article_delete
from blog.site.menus import menu_links_renew
from blog.site.settings import site_settings, site_settings_save
from comments.models import Ban, Comment, Commenter, Lesson
from comments.screening import learning
from comments.thread import counters
from demo import manifest
from demo.models import Loaded
from demo.plan import LOGGED_IN, ONLY_OWNER, Plan, plan
from newsletter.models import Issue

PASSWORD_FILE = "demo-password"  # noqa: S105 - a name in var/


class PlanChanged(Exception):
    """Something was made or changed since the list was read; `plan` is the new one."""

    def __init__(self, now: Plan) -> None:
        super().__init__("The list is not what it was.")
        self.plan = now


def is_there() -> bool:
    """Whether the site holds rows of the demo; one query."""
    return Loaded.objects.exists()


@transaction.atomic
def demo_remove(*, actor: User | None, mark: str | None = None) -> Plan:
    """Remove the demo; gives what was removed, which is nothing when it is gone already.

    Raises `PlanChanged` when the plan is not the one of `mark`, and NoOwnerLeft. Of two at once
    the second waits for the first. Locks as `accounts.owner_stays`, then conversations.
    """
    with accounts.owner_stays():
        conversation_lock.to_move()
        list(Loaded.objects.select_for_update().order_by("pk"))
        found = plan(actor=actor)
        if mark is not None and mark != found.mark:
            raise PlanChanged(found)
        if found:
            _texts_delete(found)
            files = _pictures_delete(found)
            files += _people_delete(found)
            _settings_reset(found)
            _forget(found)
            transaction.on_commit(functools.partial(_files_delete, files))
    return found


def _texts_delete(found: Plan) -> None:
    """Newsletters first, as the record of one lets go of its article; then what was written."""
    Issue.objects.filter(pk__in=found.issues).delete()
    comments = [*found.goes(Comment), *found.answers]
    for lesson in Lesson.objects.filter(comment__in=comments).select_related("comment"):
        learning.forget(lesson.comment)
    Comment.objects.filter(pk__in=comments).delete()
    articles = list(Article.objects.filter(pk__in=found.goes(Article)).order_by("pk"))
    # Nobody knew these addresses: they are not gone, they were never there.
    paths = {article.get_absolute_url() for article in articles if article.published_at}
    paths |= set(Redirect.objects.filter(article__in=articles).values_list("old_path", flat=True))
    for article in articles:
        article_delete(article=article)
    Redirect.objects.filter(old_path__in=paths, article=None, target="").delete()
    for model in (MenuItem, Page, Series, Tag):
        model._default_manager.filter(pk__in=found.goes(model)).delete()
    words_learn_anew()
    counters.recount()


def _pictures_delete(found: Plan) -> list[str]:
    """The rows; gives the files that no other picture has."""
    rows = Image.objects.filter(pk__in=found.goes(Image))
    files = {name: image.digest for image in rows for name in _files_of(image)}
    rows.delete()
    used = set(Image.objects.filter(digest__in=files.values()).values_list("digest", flat=True))
    return [name for name, digest in files.items() if digest not in used]


def _files_of(image: Image) -> Iterable[str]:
    yield str(image.file.name)
    for rendition in image.renditions:
        yield rendition["name"]


def _people_delete(found: Plan) -> list[str]:
    """Authors, accounts and commenters; gives the authors' photos."""
    authors = Author.objects.filter(pk__in=found.goes(Author))
    photos = {name for author in authors for name in _photos_of(author)}
    authors.delete()
    photos -= {name for author in Author.objects.exclude(photo="") for name in _photos_of(author)}
    for model in (Ban, Commenter, User):
        model._default_manager.filter(pk__in=found.goes(model)).delete()
    return sorted(photos)


def _photos_of(author: Author) -> Iterable[str]:
    if author.photo:
        yield str(author.photo)
    for formats in author.photo_renditions.values():
        yield from formats.values()


def _settings_reset(found: Plan) -> None:
    """As a new site has them; every page is renewed either way."""
    site = site_settings()
    for name in found.settings:
        column: Field[Any, Any] = SiteSettings._meta.get_field(name)  # type: ignore[assignment]
        setattr(site, name, column.get_default())
    site_settings_save(site=site)
    menu_links_renew()


def _forget(found: Plan) -> None:
    """What went is noted no more, nor what somebody made theirs or uses."""
    # Of what is left only an account that stays for want of another is still the demo's to take.
    lent = [one.number for one in found.staying if one.why in (LOGGED_IN, ONLY_OWNER)]
    manifest.keep_only(lent)
    if not Loaded.objects.exists():
        file: Any = settings.VAR_DIR / PASSWORD_FILE
        transaction.on_commit(functools.partial(file.unlink, missing_ok=True))


def _files_delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
