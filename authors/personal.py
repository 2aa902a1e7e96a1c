"""Which columns can hold a person: one list for erasing, for the export and for retention.

Each app lists its own tables in a `personal` module: `KEPT`, what can hold a person and its fate
after erasing, and `FREE`, text that no person is in. A test fails for a column in neither list.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.module_loading import module_has_submodule

from authors import naming
from authors.models import Author, User
from authors.signals import photo_changed
from core.text import plain, replaced

GONE = "–"
"""What stands where a name or an address was."""
LOT = 500
"""Rows that are changed in one transaction."""


@dataclass(frozen=True)
class Person:
    """Who is to be found: by her rows, by her addresses, by her names."""

    # Numbers of her rows, by the label of their model.
    rows: Mapping[str, int]
    addresses: frozenset[str] = frozenset()
    # Names under which she is known, that nobody else here bears: found in others' words, too.
    names: frozenset[str] = frozenset()

    @functools.cached_property
    def marks(self) -> tuple[str, ...]:
        """What stands in every text that names her: her addresses, and each name's longest word.

        In the forms that capitals and small letters give them: "Weiß" is "WEISS" in capitals.
        """
        longest = {max(naming.WORD.findall(name), key=len, default="") for name in self.names}
        words = {unicodedata.normalize("NFC", mark) for mark in self.addresses | longest}
        found = {
            form
            for mark in words | {plain(word) for word in longest}
            for form in (mark, mark.upper(), mark.lower(), mark.casefold())
            if form
        }
        return tuple(sorted(found, key=lambda mark: (-len(mark), mark)))

    @functools.cached_property
    def _found(self) -> tuple[re.Pattern[str], naming.Names]:
        """Find her addresses that are no part of a longer word, and her names."""
        parts = (re.escape(one) for one in sorted(self.addresses, key=len, reverse=True))
        addresses = rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if self.addresses else r"(?!)"
        return re.compile(addresses, re.IGNORECASE), naming.Names(self.names)

    @functools.cached_property
    def unnamed(self) -> Person:
        """The same person, found by her addresses alone."""
        return Person(rows=self.rows, addresses=self.addresses)

    def without(self, value: Any) -> Any:
        """`value`, a text or plain data, with `GONE` for every mark in it."""
        if isinstance(value, str):
            addresses, names = self._found
            value = addresses.sub(GONE, value)
            return replaced(value, names.spans(value), GONE)
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if isinstance(value, dict):
            return {self.without(key): self.without(one) for key, one in value.items()}
        return value


def telling(name: str) -> bool:
    """Whether a name says who is meant where it stands by itself: two words with capitals.

    Anybody can choose any name: "van de" would otherwise take words out of others' texts.
    """
    return sum(word[0].isupper() and len(word) > 1 for word in name.split()) > 1


@dataclass(frozen=True)
class Period:
    """How long something is kept. With a `job` (of `core.periodic.JOBS`) something ends it."""

    words: str
    job: str = ""
    # The field of the site's settings that says the days, where it is theirs to say.
    setting: str = ""


@dataclass(frozen=True)
class Erasure:
    """What the erasing of a person does to rows of a table."""

    words: str
    run: Callable[[Kept, Person], object]
    # Her own rows come after what is said of her elsewhere: broken off, the names and words
    # that the rest is found by are still there.
    own: bool = False


@dataclass(frozen=True)
class Kept:
    """Columns of a table that can hold a person."""

    model: str
    columns: tuple[str, ...]
    erase: tuple[Erasure, ...]
    period: Period
    # The part of a person's export that gives them, or else why none does.
    export: str = ""
    withheld: str = ""

    @property
    def table(self) -> type[models.Model]:
        """The model."""
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Free:
    """Columns of text that hold no person, and why."""

    model: str
    columns: tuple[str, ...]
    why: str


@functools.cache
def kept() -> tuple[Kept, ...]:
    """All apps' lists, those that build on others first."""
    return tuple(row for module in _modules() for row in module.KEPT)


@functools.cache
def free() -> tuple[Free, ...]:
    """What all apps say is free of persons."""
    return tuple(row for module in _modules() for row in module.FREE)


def _modules() -> Iterator[Any]:
    for config in reversed(list(apps.get_app_configs())):
        if config.module is not None and module_has_submodule(config.module, "personal"):
            yield import_module(f"{config.name}.personal")


def erase(person: Person) -> None:
    """Forget the person in every table, what is said of her elsewhere first.

    Each lot of rows is a transaction of its own; done twice, it changes nothing more.
    """
    for own in (False, True):
        for row in kept():
            for erasure in row.erase:
                if erasure.own == own:
                    erasure.run(row, person)


# -- what erasing can do ------------------------------------------------------------------------


def _hers(row: Kept, owner: str, person: Person) -> models.QuerySet[Any]:
    """Her rows by the way `owner`, which ends at a model of `Person.rows`."""
    model: Any = row.table
    for step in owner.split("__"):
        model = model._meta.get_field(step).related_model
    number = person.rows.get(model._meta.label)
    rows = row.table._base_manager.order_by("pk")
    return rows.filter(**{owner: number}) if number else rows.none()


def deleted(owner: str) -> Erasure:
    """Her rows go, found by the way `owner` ("comment__commenter")."""

    def run(row: Kept, person: Person) -> None:
        rows = _hers(row, owner, person)
        while numbers := list(rows.values_list("pk", flat=True)[:LOT]):
            history_forget(row.table, numbers)
            row.table._base_manager.filter(pk__in=numbers).delete()

    return Erasure("hers are deleted", run, own=True)


def scrubbed() -> Erasure:
    """Her addresses and full names in anybody's row become a dash; the other words stay."""

    def run(row: Kept, person: Person) -> None:
        scrub(row.table._base_manager.all(), row.columns, person)

    return Erasure("her full name and address become “–”; other people's words stay", run)


def address_scrubbed() -> Erasure:
    """The same for her addresses alone: names in it are somebody's words that are not saved yet."""

    def run(row: Kept, person: Person) -> None:
        scrub(row.table._base_manager.all(), row.columns, person.unnamed)

    return Erasure("her address becomes “–”; other people's words stay", run)


def named_deleted() -> Erasure:
    """Rows with her address or full name go."""

    def run(row: Kept, person: Person) -> None:
        for number, values in _naming(row.table._base_manager.all(), row.columns, person):
            if person.without(values) != values:
                row.table._base_manager.filter(pk=number).delete()

    return Erasure("rows with her full name or address are deleted", run)


def addressed_deleted(without: Q | None = None) -> Erasure:
    """Rows with her address go, but those that are `without`."""

    def run(row: Kept, person: Person) -> None:
        rows = row.table._base_manager.exclude(without) if without else row.table._base_manager
        for number, values in _naming(rows.all(), row.columns, person.unnamed):
            if person.unnamed.without(values) != values:
                row.table._base_manager.filter(pk=number).delete()

    return Erasure("rows with her address are deleted", run)


def stays(why: str) -> Erasure:
    """Nothing happens, for a reason that the list shows."""
    return Erasure(why, lambda row, person: None)


def history_forget(model: type[models.Model], numbers: Iterable[Any]) -> None:
    """Take out of the admin's log what it calls the rows of `model` with these numbers."""
    kind = ContentType.objects.get_for_model(model)
    known = LogEntry.objects.filter(content_type=kind)
    if known.exists():
        rows = known.filter(object_id__in=[str(one) for one in numbers])
        rows.update(object_repr=GONE, change_message="")


def scrub(rows: models.QuerySet[Any], columns: tuple[str, ...], person: Person) -> None:
    """Put `GONE` for her addresses and names in `columns` of `rows`, a row at a time."""
    for number, _seen in _naming(rows, columns, person):
        with transaction.atomic():
            locked = rows.model._base_manager.select_for_update().filter(pk=number)
            for values in locked.values(*columns):
                fresh = {name: person.without(value) for name, value in values.items()}
                if fresh != values:
                    locked.update(**fresh)


def _naming(
    rows: models.QuerySet[Any], columns: tuple[str, ...], person: Person
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(key, columns) of rows in which one of her marks stands, be it inside a longer word."""
    marks = person.marks
    numbers: dict[Any, dict[str, Any]] = {}
    for start in range(0, len(marks), 50):
        found = Q()
        texts = {f"text_{name}": Cast(name, models.TextField()) for name in columns}
        for mark in marks[start : start + 50]:
            for name in texts:
                found |= Q(**{f"{name}__icontains": mark})
        for values in rows.annotate(**texts).filter(found).values("pk", *columns):
            numbers[values.pop("pk")] = values
    yield from numbers.items()


# -- the tables of accounts, and of what other packages keep --------------------------------------


def _sessions_end(row: Kept, person: Person) -> None:
    user = str(person.rows.get(User._meta.label, ""))
    for session in Session.objects.all() if user else ():
        if session.get_decoded().get("_auth_user_id") == user:
            session.delete()


def _logins_forget(row: Kept, person: Person) -> None:
    user = User.objects.filter(pk=person.rows.get(User._meta.label, 0)).first()
    if user is not None:
        row.table._base_manager.filter(username__iexact=user.username).delete()


def _history_forget(row: Kept, person: Person) -> None:
    """What the admin's log calls her rows, and what was noted there about them."""
    for label, number in person.rows.items():
        history_forget(apps.get_model(label), [number])


def _author_forget(row: Kept, person: Person) -> None:
    """Leave an author without a name where the articles stay; her pictures leave the disk."""
    author = Author.objects.filter(pk=person.rows.get(Author._meta.label, 0)).first()
    if author is None:
        return
    files = [name for sizes in author.photo_renditions.values() for name in sizes.values()]
    Author.objects.filter(pk=author.pk).update(
        user=None, name=GONE, slug=f"{author.pk}-", role="", bio="", photo="", website="",
        photo_renditions={}, affiliation="", former=True, version=F("version") + 1,
    )  # fmt: skip
    for name in filter(None, {author.photo.name, *files}):
        default_storage.delete(name)
    photo_changed.send(Author, author=author.pk)


_ACCOUNT = Period("as long as the account")
_AUTHOR = Period("as long as the author")
_BYLINE = Erasure(
    "with the account they stay, as the name above articles, or are emptied when the owner says so",
    _author_forget,
    own=True,
)
_SESSIONS = Period("two weeks after the last log-in", "blog.jobs.forget_sessions")
_ATTEMPTS = Period("attempts a day, log-ins 30 days", "blog.jobs.forget_sessions")
_NOT_READER = "of an account; accounts see theirs at the desk"
_STORED_SAFE = "of a second factor, which shows no secrets"
_LOGIN = Erasure("the account's rows are deleted", _logins_forget, own=True)
_AXES = ("user_agent", "ip_address", "username", "http_accept", "path_info")

KEPT = (
    Kept(
        "authors.User",
        ("username", "first_name", "last_name", "email", "password"),
        (Erasure("deleted with the account, as the last row", lambda row, person: None),),
        _ACCOUNT,
        withheld=_NOT_READER,
    ),
    Kept(
        "authors.Author",
        ("name", "slug", "role", "bio", "photo", "photo_renditions", "website", "affiliation"),
        (_BYLINE,),
        _AUTHOR,
        withheld="public: the author's page shows it",
    ),
    Kept("authors.ProfileLink", ("label", "url"), (deleted("author"),), _AUTHOR,
         withheld="public: the author's page shows it"),
    Kept(
        "sessions.Session",
        ("session_key", "session_data"),
        (Erasure("the account's sessions end", _sessions_end, own=True),),
        _SESSIONS,
        withheld=_NOT_READER,
    ),
    Kept("axes.AccessAttempt", (*_AXES, "get_data", "post_data"), (_LOGIN,), _ATTEMPTS,
         withheld=_NOT_READER),
    Kept("axes.AccessFailureLog", _AXES, (_LOGIN,), _ATTEMPTS, withheld=_NOT_READER),
    Kept("axes.AccessLog", (*_AXES, "session_hash"), (_LOGIN,), _ATTEMPTS, withheld=_NOT_READER),
    Kept(
        "admin.LogEntry",
        ("object_repr", "change_message"),
        (Erasure("the names of her rows go", _history_forget), scrubbed()),
        Period("as long as the account that did it"),
        withheld="the desk's own notes, which name colleagues",
    ),
    Kept(
        "authors.AccountMail",
        ("to_address", "subject", "body", "html", "headers", "error", "tokens"),
        (deleted("user"),),
        Period("sent mails as many days as the site's settings say (0: until she is erased)",
               "blog.jobs.forget_mails", "mail_days"),
        withheld=_NOT_READER,
    ),
    Kept("authors.RecoveryCodes", ("digests", "name"), (deleted("user"),), _ACCOUNT,
         withheld=_STORED_SAFE),
    Kept("otp_totp.TOTPDevice", ("name", "key"), (deleted("user"),), _ACCOUNT,
         withheld=_STORED_SAFE),
    Kept(
        "django_otp_webauthn.WebAuthnCredential",
        ("name", "credential_id", "credential_id_sha256", "public_key", "transports", "aaguid"),
        (deleted("user"),),
        _ACCOUNT,
        withheld=_STORED_SAFE,
    ),
    Kept("django_otp_webauthn.WebAuthnAttestation", ("data", "client_data_json"),
         (deleted("credential__user"),), _ACCOUNT, withheld=_STORED_SAFE),
    Kept("django_otp_webauthn.WebAuthnUserHandle", ("handle_hex",), (deleted("user"),), _ACCOUNT,
         withheld=_STORED_SAFE),
)  # fmt: skip
FREE = (
    Free("authors.AccountMail", ("event", "kind"), "names what the mail is about"),
    Free("authors.Tally", ("key",), "a keyed hash that nobody can read back; gone after its time"),
    Free("auth.Group", ("name",), "names of roles"),
    Free("auth.Permission", ("name", "codename"), "made by the program"),
    Free("contenttypes.ContentType", ("app_label", "model"), "made by the program"),
    Free("admin.LogEntry", ("object_id",), "a number"),
)
