"""The list of subscribers as CSV: out, and in from where people subscribed before.

What comes in says for each line when the person consented, and where. It mails nobody, begins
nothing again that somebody stopped, and is bounded before it is read.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authors.models import Author
from blog.models import Tag
from blog.models.article import site_language
from comments.models import Commenter, Trust
from core.addresses import clean, mailbox
from newsletter.models import Ended, MailPace, Subscription

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_LINES: Final = 50_000
_MOST_COLUMNS = 60
_BATCH = 500
COLUMNS: Final = ("email", "to", "pace", "language", "consented", "source", "since", "state")
"""The columns of the list that goes out; the same that comes in, but for the last two."""
# What other programs call these columns (Mailchimp, Ghost, Substack, Buttondown, Mailpoet).
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "email": ("email", "e-mail", "email address", "e-mailadres", "e-mail address", "emailadres"),
    "consented": (
        "consented", "confirmed", "confirm_time", "optin_time", "confirmed_at", "subscribed_at",
        "created_at", "subscription date", "toestemming", "bevestigd",
    ),
    "source": ("source", "consent source", "bron"),
    "to": ("to", "aan", "onderwerp"),
    "pace": ("pace", "how often", "hoe vaak"),
    "language": ("language", "taal"),
    "subscribed": ("subscribed", "subscribed_to_emails", "status", "state"),
}  # fmt: skip
_NO: Final = {
    "false", "no", "nee", "0", "unsubscribed", "cleaned", "bounced", "inactive", "blocked",
    "complained", "refused", "stopped", "unconfirmed",
}  # fmt: skip
_DUTCH_DATE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})(.*)", re.DOTALL)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class ListRefused(Exception):
    """The file is not taken; the message says why."""


class LineOutcome(models.TextChoices):
    """What became of a line."""

    TAKEN = "taken", gettext_lazy("taken in")
    ALREADY = "already", gettext_lazy("gets it already")
    TWICE = "twice", gettext_lazy("stands in the file twice")
    STOPPED = "stopped", gettext_lazy("stopped it here: stays stopped")
    ELSEWHERE = "elsewhere", gettext_lazy("does not get it there any more")
    BOUNCED = "bounced", gettext_lazy("a mail server refused the address before")
    BLOCKED = "blocked", gettext_lazy("is blocked here")
    ADDRESS = "address", gettext_lazy("no e-mail address")
    CONSENT = "consent", gettext_lazy("no date of consent")
    FUTURE = "future", gettext_lazy("a date of consent that is still to come")
    SOURCE = "source", gettext_lazy("does not say where the consent was given")
    TARGET = "target", gettext_lazy("no author or subject of that name in its address")
    SHAPE = "shape", gettext_lazy("more columns than the first line has")


@dataclass(frozen=True)
class ListLine:
    """One line of the file and what became of it."""

    number: int
    email: str
    outcome: LineOutcome


@dataclass(frozen=True)
class ListReport:
    """Every line, in the order of the file."""

    lines: list[ListLine]

    @property
    def counts(self) -> list[tuple[LineOutcome, int]]:
        """How many lines have each outcome, those that occur."""
        found = [line.outcome for line in self.lines]
        return [(one, found.count(one)) for one in LineOutcome if one in found]

    @property
    def left_out(self) -> list[ListLine]:
        """The lines that were not taken in."""
        return [line for line in self.lines if line.outcome != LineOutcome.TAKEN]

    def as_csv(self) -> Iterator[str]:
        """The report as a file."""
        yield written(("line", "email", "outcome"))
        for line in self.lines:
            yield written((str(line.number), line.email, str(line.outcome.label)))


def written(values: Iterable[str]) -> str:
    """One line of CSV in which no spreadsheet finds a formula."""
    line = io.StringIO()
    csv.writer(line).writerow(
        f"'{value}" if value.startswith(_FORMULA) else value for value in values
    )
    return line.getvalue()


# -- out ------------------------------------------------------------------------------------------


def as_csv() -> Iterator[str]:
    """The list of subscribers, a line for each subscription; a query for each 2,000."""
    yield "\ufeff" + written(COLUMNS)
    rows = Subscription.objects.select_related("person", "author", "tag").order_by("pk")
    for row in rows.filter(person__email__isnull=False).iterator(2000):
        yield written(
            (
                row.person.email or "",
                _target(row),
                row.pace,
                row.person.language,
                row.consented_at.isoformat(timespec="seconds"),
                row.source,
                row.created_at.isoformat(timespec="seconds"),
                _state(row),
            )
        )


def _target(row: Subscription) -> str:
    if row.author is not None:
        return f"author:{row.author.slug}"
    return f"tag:{row.tag.slug}" if row.tag is not None else "all"


def _state(row: Subscription) -> str:
    if row.person.trust == Trust.BLOCKED:
        return "blocked"
    if row.person.bounced_at is not None:
        return "refused"
    return "active" if row.source or row.person.confirmed_at else "unconfirmed"


# -- in -------------------------------------------------------------------------------------------


def read(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The lines with their numbers, by the names of `COLUMNS`. Raises `ListRefused`."""
    if len(data) > MOST_BYTES:
        raise ListRefused(_("The file is larger than 5 MB."))
    text = _text(data)
    head, _end, _rest = text.partition("\n")
    separator = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[tuple[int, dict[str, str]]] = []
    try:
        names = _columns(next(lines, []))
        for values in lines:
            if len(found) >= MOST_LINES:
                raise ListRefused(_("The file has more than 50,000 lines: divide it."))
            if any(value.strip() for value in values):
                row = {name: values[at] for name, at in names.items() if at < len(values)}
                if len(values) > _MOST_COLUMNS:
                    row = {"email": row.get("email", ""), "shape": "x"}
                found.append((lines.line_num, row))
    except csv.Error as error:
        words = _("Line %(number)d is no CSV: %(fault)s")
        raise ListRefused(words % {"number": lines.line_num, "fault": error}) from error
    return found


def _text(data: bytes) -> str:
    if b"\0" in data:
        raise ListRefused(_("This is no file of text."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in western Europe; every byte means something in it.
        return data.decode("cp1252", "replace")


def _columns(head: list[str]) -> dict[str, int]:
    """Where each known column stands, by the first line."""
    heads = [name.strip().lower() for name in head[:_MOST_COLUMNS]]
    found = {
        name: heads.index(other)
        for name, others in _NAMES.items()
        for other in reversed(others)
        if other in heads
    }
    if "email" not in found:
        raise ListRefused(_("The first line names no column “email”."))
    return found


@dataclass(frozen=True)
class Wanted:
    """A line that says everything: who, what, since when and by which consent."""

    number: int
    email: str
    author: int | None
    tag: int | None
    pace: MailPace
    language: str
    consented_at: datetime.datetime
    source: str

    @property
    def to(self) -> tuple[int | None, int | None]:
        """What is subscribed to."""
        return self.author, self.tag


class _Lines:
    """Checks lines against what the site holds; the numbers of queries is fixed."""

    def __init__(self, source: str, languages: Iterable[str]) -> None:
        self.source = source
        self.languages = set(languages)
        self.authors = dict(Author.objects.values_list("slug", "pk"))
        self.tags = dict(Tag.objects.values_list("slug", "pk"))

    def wanted(self, number: int, row: Mapping[str, str]) -> Wanted | ListLine:
        """The line, or what is wrong with it."""
        typed = row.get("email", "").strip().removeprefix("'")
        try:
            email = clean(typed)
            validate_email(email)
        except (ValueError, ValidationError):
            return ListLine(number, typed[:80], LineOutcome.ADDRESS)

        def refused(outcome: LineOutcome) -> ListLine:
            return ListLine(number, email, outcome)

        if "shape" in row:
            return refused(LineOutcome.SHAPE)
        if row.get("subscribed", "").strip().lower() in _NO:
            return refused(LineOutcome.ELSEWHERE)
        moment = moment_of(row.get("consented", ""))
        if moment is None:
            return refused(LineOutcome.CONSENT)
        if moment > timezone.now():
            return refused(LineOutcome.FUTURE)
        source = " ".join(row.get("source", "").split()).removeprefix("'")[:120] or self.source
        if not source:
            return refused(LineOutcome.SOURCE)
        kind, _colon, slug = row.get("to", "").strip().lower().partition(":")
        author = self.authors.get(slug) if kind == "author" else None
        tag = self.tags.get(slug) if kind == "tag" else None
        if kind not in ("", "all") and author is None and tag is None:
            return refused(LineOutcome.TARGET)
        pace = row.get("pace", "").strip().lower()
        language = row.get("language", "").strip().lower()[:2]
        return Wanted(
            number,
            email,
            author,
            tag,
            MailPace.WEEKLY if pace == MailPace.WEEKLY else MailPace.ONCE,
            language if language in self.languages else site_language(),
            moment,
            source,
        )


def moment_of(text: str) -> datetime.datetime | None:
    """A date as people and programs write it: 2024-03-31, with a time too, or 31-3-2024."""
    text = text.strip().removeprefix("'")[:40]
    if found := _DUTCH_DATE.fullmatch(text):
        day, month, year, rest = found.groups()
        text = f"{year}-{int(month):02}-{int(day):02}{rest}"
    try:
        moment = datetime.datetime.fromisoformat(text)
        if timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        return moment.astimezone(datetime.UTC) if moment.year > 1990 else None
    except (ValueError, OverflowError):
        return None


@transaction.atomic
def list_take_in(*, data: bytes, source: str, trial: bool, languages: Iterable[str]) -> ListReport:
    """Subscribe the people of a list, who consented at its `source`; with `trial` nothing stays.

    Mails nobody; all of it or nothing. Raises `ListRefused`. Twice is once.
    """
    reader = _Lines(" ".join(source.split())[:120], languages)
    lines: list[ListLine] = []
    wanted: dict[tuple[Any, ...], Wanted] = {}
    for number, row in read(data):
        found = reader.wanted(number, row)
        if isinstance(found, ListLine):
            lines.append(found)
        elif (found.email, *found.to) in wanted:
            lines.append(ListLine(number, found.email, LineOutcome.TWICE))
        else:
            wanted[(found.email, *found.to)] = found
    blocked = {
        mailbox(email or "")
        for email in Commenter.objects.filter(trust=Trust.BLOCKED).values_list("email", flat=True)
    } - {""}
    lines += [ListLine(one.number, one.email, LineOutcome.BLOCKED) for one in wanted.values()
              if mailbox(one.email) in blocked]  # fmt: skip
    taken = [one for one in wanted.values() if mailbox(one.email) not in blocked]
    for start in range(0, len(taken), _BATCH):
        lines += _batch_take_in(taken[start : start + _BATCH])
    if trial:
        transaction.set_rollback(True)
    return ListReport(sorted(lines, key=lambda line: line.number))


def _batch_take_in(batch: list[Wanted]) -> list[ListLine]:
    """Store what may come in; gives what became of each line. Five queries."""
    Commenter.objects.bulk_create(
        (Commenter(email=one.email, name="", language=one.language) for one in batch),
        ignore_conflicts=True,
    )
    people = {
        person.email: person
        for person in Commenter.objects.filter(email__in=[one.email for one in batch])
    }
    numbers = [person.pk for person in people.values()]
    known: set[tuple[Any, ...]] = set(
        Subscription.objects.filter(person__in=numbers).values_list("person", "author", "tag")
    )
    ended: set[tuple[Any, ...]] = set(
        Ended.objects.filter(person__in=numbers).values_list("person", "author", "tag")
    )
    lines, made = [], []
    for one in batch:
        person = people[one.email]
        row = (person.pk, *one.to)
        if person.bounced_at is not None:
            outcome = LineOutcome.BOUNCED
        elif row in known:
            outcome = LineOutcome.ALREADY
        elif row in ended or (person.pk, None, None) in ended:
            outcome = LineOutcome.STOPPED
        else:
            outcome = LineOutcome.TAKEN
            made.append(
                Subscription(
                    person=person,
                    author_id=one.author,
                    tag_id=one.tag,
                    pace=one.pace,
                    consented_at=one.consented_at,
                    source=one.source,
                )
            )
        lines.append(ListLine(one.number, one.email, outcome))
    Subscription.objects.bulk_create(made, ignore_conflicts=True)
    return lines
