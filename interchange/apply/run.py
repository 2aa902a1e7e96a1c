"""One run: what was read is stored step by step, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from authors.models import Author
from blog.models import Redirect, SiteSettings
from blog.site.settings import site_settings, site_settings_save
from core import locks
from core.locks import Lock
from interchange import items, records
from interchange.apply.accounts import Accounts
from interchange.apply.articles import Articles
from interchange.apply.base import Context, Options, without_slash
from interchange.apply.comment_texts import Prepared, prepare
from interchange.apply.comments import LOT, Comments
from interchange.apply.menus import Menus
from interchange.apply.pages import Pages
from interchange.apply.people import People, Tags
from interchange.media import Fetched, Media, Several
from interchange.report import NEW, RunReport
from interchange.spool import Spool

STEPS = ("people", "tags", "plan", "articles", "menus", "comments", "done")
_KIND = {"people": "Person", "tags": "Tag", "plan": "Article", "articles": "Article",
         "menus": "MenuLink", "comments": "Comment"}  # fmt: skip


@dataclass
class Position:
    """Position of a run: the step, and the last id of it that was stored."""

    step: str = STEPS[0]
    number: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.step == "done"


Told = Callable[[str, int, int], None]
"""Hears the step, how much of it is done, and how much there is."""


def fill(
    spool: Spool,
    report: RunReport,
    found: Iterable[records.Record],
    wanted: Callable[[], bool] = lambda: True,
) -> bool:
    """Lay by everything that a reader yields, and tell of what is no record.

    False when `wanted` said no before the end: what was read so far is of no use then.
    """
    for record in found:
        if not wanted():
            return False
        if isinstance(record, records.Note):
            report.tell(record.word, record.example)
            continue
        record = items.fit(record)
        added = spool.add(record)
        if not isinstance(record, (records.Article, records.Comment)):
            if added:
                for word, example in record.tells:
                    report.tell(word, example)
        elif not added:
            report.tell("twice", getattr(record, "title", "") or record.key)
    spool.arrange()
    return True


class Busy(ValueError):
    """Another run stores the same source at this moment."""


@contextmanager
def _alone(context: Context) -> Iterator[None]:
    """Advisory lock per source; released with the connection of a killed run."""
    if context.dry:
        yield
        return
    with locks.alone(Lock.IMPORT, context.source) as free:
        if not free:
            raise Busy(_("Another run brings in the same source at this moment: wait for it."))
        yield


class Run:
    """Stores what is in `spool`; the same run again changes nothing."""

    def __init__(
        self,
        *,
        kind: str,
        spool: Spool,
        report: RunReport,
        options: Options,
        media: Media | None = None,
        position: Position | None = None,
    ) -> None:
        site = next((record for _n, record in spool.of("Site")), records.Site())
        try:
            parts = urlsplit(site.address)
        except ValueError:
            parts = urlsplit("")
        host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
        here = urlsplit(settings.SITE_URL).netloc.lower().removeprefix("www.")
        language = options.language or site.language
        self.site = site
        self.context = Context(
            source=f"{kind}:{options.source or site.name or host + parts.path.rstrip('/')}"[:200],
            options=options,
            spool=spool,
            report=report,
            media=self._media(media, options),
            hosts=frozenset(item for item in (host, here) if item),
            base=parts.path.rstrip("/"),
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        )
        self.position = position or Position()
        self.people = People(self.context)
        self.accounts = Accounts(self.context)
        self.tags = Tags(self.context)
        self.articles = Articles(self.context, self.people, self.tags)
        self.pages = Pages(self.articles)
        self.menus = Menus(self.context)
        self.comments = Comments(self.context, self.people)
        self.total = {step: spool.count(kind) for step, kind in _KIND.items()}

    def _media(self, media: Media | None, options: Options) -> Media | None:
        if not options.fetch or options.dry_run:
            return media
        fetched = Fetched(self.site.address)
        return Several([media, fetched]) if media is not None else fetched

    def go(self, *, told: Told, wanted: Callable[[], bool] = lambda: True) -> bool:
        """Store until everything is, or `wanted` says no; gives whether everything is.

        `wanted` is asked after each thing, when all of it is in the database: what stops then is
        taken up by a run with this run's `position`. Raises Busy when another run of the same
        source is under way.
        """
        with _alone(self.context):
            return self._go(told, wanted)

    def _go(self, told: Told, wanted: Callable[[], bool]) -> bool:
        while not self.position.done:
            step = self.position.step
            told(step, self.position.number, self.total[step])
            if not (
                self._comments(told, wanted) if step == "comments" else self._step(told, wanted)
            ):
                return False
            if step == "people":
                self._site()
            elif step == "menus":
                self.menus.end()
            self.position = Position(STEPS[STEPS.index(step) + 1])
        return True

    def _step(self, told: Told, wanted: Callable[[], bool]) -> bool:
        step = self.position.step
        store: dict[str, Callable[..., None]] = {
            "people": self._person,
            "tags": self._tag,
            "plan": self._plan,
            "articles": self._article,
            "menus": self.menus.store,
        }
        records_left = self.context.spool.of(_KIND[step], self.position.number)
        for done, (number, record) in enumerate(records_left, start=1):
            name = getattr(record, "title", "") or getattr(record, "name", "") or record.key
            with items.told(self.context.report.tell, name):
                store[step](record)
            self.position = Position(step, number)
            told(step, done, self.total[step])
            if not wanted():
                self.context.spool.commit()
                return False
        self.context.spool.commit()
        return True

    def _person(self, record: records.Person) -> None:
        self.people.store(record)
        number = self.people.number(record.key)
        self.accounts.store(record, number)
        if number is not None:
            path = Author.objects.get(pk=number).get_absolute_url()
            for old in record.addresses:
                self._lead(old, path)

    def _tag(self, record: records.Tag) -> None:
        self.tags.store(record)
        for tag in self.tags.get((record.key,)):
            for old in record.addresses:
                self._lead(old, tag.get_absolute_url())

    def _article(self, record: records.Article) -> None:
        if self.context.is_page(record):
            self.pages.store(record)
            return
        if record.kind == "page":
            self.context.report.tell("commented page", record.title)
        self.articles.store(record)

    def _plan(self, record: records.Article) -> None:
        (self.pages if self.context.is_page(record) else self.articles).plan(record)

    def _lead(self, old: str, path: str) -> None:
        old = self.context.base + old
        self.context.spool.lead(without_slash(old), path)
        if old != path and not self.context.dry and len(old) <= 300:
            _row, made = Redirect.objects.get_or_create(old_path=old, defaults={"target": path})
            if made:
                self.context.report.came("redirect", NEW)

    def _comments(self, told: Told, wanted: Callable[[], bool]) -> bool:
        with ThreadPoolExecutor(1) as aside:
            lot, texts = self._lot(self.position.number, aside)
            while lot:
                after = lot[-1][0]
                # The next lot's words are made ready while the database stores this one.
                coming, coming_texts = self._lot(after, aside)
                self.comments.store(
                    [(loose, record) for _order, loose, record in lot], texts.result()
                )
                self.position = Position("comments", after)
                told("comments", after, self.total["comments"])
                if not wanted():
                    return False
                lot, texts = coming, coming_texts
        return True

    def _lot(
        self, after: int, aside: Executor
    ) -> tuple[list[tuple[int, str, records.Comment]], Future[dict[str, Prepared]]]:
        lot = self.context.spool.comments(after, LOT)
        new = self.comments.unknown([record for _order, _loose, record in lot])
        return lot, aside.submit(prepare, new)

    def _site(self) -> None:
        """The name of the old site, where this one has none of its own yet."""
        if self.context.dry or not self.site.title:
            return
        site = site_settings()
        if site.title == SiteSettings._meta.get_field("title").default and not site.tagline:
            site.title, site.tagline = self.site.title[:80], self.site.tagline[:160]
            site_settings_save(site=site)
