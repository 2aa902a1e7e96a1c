"""Storing of comments, a thousand at a time, each lot with its counters in one transaction."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.models import Article
from blog.publishing import conversation_lock
from blog.site.settings import site_settings
from comments.models import Comment, Origin, State
from comments.posting.by_import import (
    Home,
    Incoming,
    Place,
    comment_renew,
    comments_store,
    copy_in,
    home_of,
)
from comments.posting.network_mark import digest_of as client_digest
from comments.thread import markup
from comments.thread.access import reserved_names
from comments.thread.names import MAX_NAME, NameRefused, clean_name
from comments.thread.reserved import Reserved
from core.addresses import folded
from interchange import items, records, words
from interchange.apply import synced
from interchange.apply.base import Context, digest_of
from interchange.apply.comment_texts import Prepared, cleaned
from interchange.apply.old_pages import article_at
from interchange.apply.people import People, website
from interchange.models import Imported, ImportedKind
from interchange.report import GONE, NEW, OURS, SAME

_EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]+\.[^\s@<>\"]+")


LOT = 1000
"""Comments that are stored in one transaction."""


_OF_HOME = ("conversation_id", "language", "version", "published_at")
"""What of an article its comments need: not its text."""


@dataclass
class _New:
    """A comment on its way, with what names it in the source."""

    record: records.Comment
    digest: bytes
    row: Incoming


_Renewal = tuple[Imported, Comment, Incoming, bytes]


class Comments:
    """Comments by the source's keys."""

    def __init__(self, context: Context, people: People) -> None:
        self.context, self.people = context, people
        self.homes: dict[str, Home | None] = {}
        self.began: dict[str, datetime.datetime | None] = {}
        self.names: dict[str, str] = {}
        self.taken: dict[str, bool] = {}
        self.reserved: Reserved | None = None
        self.prepared: Mapping[str, Prepared] = {}
        keep = datetime.timedelta(days=site_settings().client_days)
        self.clients_since = timezone.now() - keep

    def unknown(self, lot: Sequence[records.Comment]) -> list[records.Comment]:
        """Those of `lot` that no run has stored; of a dry run none, as it stores nothing."""
        if self.context.dry:
            return []
        known = self.context.known(ImportedKind.COMMENT, [record.key for record in lot])
        return [record for record in lot if record.key[:300] not in known]

    def store(
        self, lot: Sequence[tuple[str, records.Comment]], prepared: Mapping[str, Prepared]
    ) -> None:
        """One lot of (loose, comment), each after the one it answers; `prepared` holds the texts
        of those that are made already.

        New ones are one transaction; each that is renewed is one of its own, as it locks its
        article last.
        """
        renewals: list[_Renewal] = []
        self.prepared = prepared
        with transaction.atomic():
            if not self.context.dry:
                conversation_lock.to_write()
                self._look_again(lot)
            fresh = self._sort(lot, renewals)
            if fresh and not self.context.dry:
                self._store(fresh)
        if fresh:
            self.context.report.came("comment", NEW, len(fresh))
        for renewal in renewals:
            with items.told(self.context.report.tell, renewal[2].name):
                self._renew(*renewal)

    def _look_again(self, lot: Sequence[tuple[str, records.Comment]]) -> None:
        """Find anew, behind the gate, where the conversations of this lot are by now."""
        names = {record.article or record.address for _loose, record in lot}
        homes = {home.article: name for name in names if (home := self.homes.pop(name, None))}
        here = Article.objects.filter(pk__in=homes).only(*_OF_HOME)
        for article in here.prefetch_related("article_authors"):
            self.homes[homes[article.pk]] = home_of(article)

    def _sort(
        self, lot: Sequence[tuple[str, records.Comment]], renewals: list[_Renewal]
    ) -> list[_New]:
        keys = [record.key for _loose, record in lot]
        parents = [record.parent for _loose, record in lot if record.parent]
        known = self.context.known(ImportedKind.COMMENT, {*keys, *parents})
        synced.adopt(self.context, lot, known)
        numbers = [row.number for row in known.values()]
        fields = ("pk", "path", "article_id", "source", "name", "website", "state")
        stored = {
            comment.pk: comment for comment in Comment.objects.filter(pk__in=numbers).only(*fields)
        }
        fresh: list[_New] = []
        turns: dict[str, int] = {}
        for loose, record in lot:
            with items.told(self.context.report.tell, f"{record.name}: {record.text[:60]}"):
                self._one(loose, record, known, stored, fresh, turns, renewals)
        return fresh

    def _one(
        self,
        loose: str,
        record: records.Comment,
        known: dict[str, Imported],
        stored: dict[int, Comment],
        fresh: list[_New],
        turns: dict[str, int],
        renewals: list[_Renewal],
    ) -> None:
        context = self.context
        ready = self.prepared.get(record.key)
        digest = ready.digest if ready else digest_of(record)
        before = known.get(record.key[:300])
        if before is not None:
            here = stored.get(before.number)
            if here is not None and here.erased:
                context.report.came("comment", OURS)
                return
            current = _digest(here.source, here.name, here.website, here.state) if here else None
            if here is None and not context.options.overwrite:
                context.report.came("comment", GONE)
                return
            if bytes(before.digest) == digest and here is not None:
                context.report.came("comment", SAME)
                return
            ours = here is not None and current != bytes(before.stored)
            if ours and not context.options.overwrite:
                context.report.came("comment", OURS)
                return
        for word, example in record.tells:
            context.report.tell(word, example)
        home = self._home(record)
        if home is None:
            above = context.spool.get("Article", record.article) if record.article else None
            if above is not None and context.is_page(above):
                context.report.tell("comment on a page", above.title)
            else:
                name = above.title if above is not None else record.address or record.article
                context.report.tell("no article", name)
            return
        parent = self._parent(loose, record, home, known, stored, turns)
        row = self._row(record, home, parent)
        if not row.source and row.state not in (State.DELETED, State.REMOVED):
            context.report.tell("empty comment", record.name)
            return
        if before is not None and before.number in stored:
            renewals.append((before, stored[before.number], row, digest))
            return
        turns[record.key] = len(fresh)
        fresh.append(_New(record, digest, row))

    @transaction.atomic
    def _renew(self, before: Imported, here: Comment, row: Incoming, digest: bytes) -> None:
        new = _digest(row.source, row.name, row.website, row.state)
        changed = new != _digest(here.source, here.name, here.website, here.state)
        self.context.renewed("comment", changed)
        if self.context.dry:
            return
        if changed:
            comment = comment_renew(
                number=here.pk,
                source=row.source,
                name=row.name,
                website=row.website,
                state=row.state,
            )
            new = _digest(comment.source, comment.name, comment.website, comment.state)
        Imported.objects.filter(pk=before.pk).update(digest=digest, stored=new)

    # -- where it belongs -------------------------------------------------------------------------

    def _home(self, record: records.Comment) -> Home | None:
        name = record.article or record.address
        if name not in self.homes:
            if len(self.homes) > 5000:
                self.homes.clear()
                self.began.clear()
            article = self._article(record)
            self.homes[name] = home_of(article) if article is not None else None
            self.began[name] = article.published_at if article is not None else None
        return self.homes[name]

    def _article(self, record: records.Comment) -> Article | None:
        articles = Article.objects.only(*_OF_HOME).prefetch_related("article_authors")
        if record.article:
            known = self.context.known(ImportedKind.ARTICLE, [record.article]).get(
                record.article[:300]
            )
            if known is not None:
                return articles.filter(pk=known.number).first()
            if self.context.dry:
                # It is on its way; its number does not matter to a dry run.
                planned = self.context.spool.get("Article", record.article)
                if planned is not None and not self.context.is_page(planned):
                    return Article(pk=0, language=self.context.language)
        return article_at(record.address, articles) if record.address else None

    def _parent(
        self,
        loose: str,
        record: records.Comment,
        home: Home,
        known: dict[str, Imported],
        stored: dict[int, Comment],
        turns: dict[str, int],
    ) -> Place | int | None:
        if loose:
            self.context.report.tell(loose, f"{record.name}: {record.text[:80]}")
            return None
        if not record.parent:
            return None
        if record.parent in turns:
            return turns[record.parent]
        row = known.get(record.parent[:300])
        above = stored.get(row.number) if row else None
        if above is None:
            waits = self.context.dry and self.context.spool.has_comment(record.parent)
            if not waits:
                self.context.report.tell("orphan", f"{record.name}: {record.text[:80]}")
            return None
        if above.article_id != home.conversation:
            self.context.report.tell("elsewhere", f"{record.name}: {record.text[:80]}")
            return None
        return Place(above.pk, bytes(above.path))

    # -- what it says -----------------------------------------------------------------------------

    def _row(self, record: records.Comment, home: Home, parent: Place | int | None) -> Incoming:
        context = self.context
        ready = self.prepared.get(record.key)
        source = ready.source if ready else cleaned(record)
        if len(record.text) > words.LONGEST:
            context.report.tell("long", f"{record.name}: {record.text[:80]}")
        created = record.created_at
        if created is None:
            context.report.tell("comment date", f"{record.name}: {source[:80]}")
            created = self.began.get(record.article or record.address) or timezone.now()
        author = self.people.number(record.author) if record.author else None
        client = None
        if record.client and context.options.keep_clients and created > self.clients_since:
            client = client_digest(record.client)
        if record.client and not context.options.keep_clients:
            context.report.tell("client")
        if record.email and not context.options.keep_emails:
            context.report.tell("e-mail")
        name, state = self._name(record.name), State(record.state)
        if author is None and state == State.APPROVED and self._is_reserved(name):
            context.report.tell("reserved name", name)
            state = State.PENDING
        return Incoming(
            home=home,
            parent=parent,
            name=name,
            source=source,
            created_at=created,
            author=author,
            email=_email(record) if context.options.keep_emails else "",
            state=state,
            website=website(context, record.website) if record.website else "",
            language=record.language,
            reason=record.reason[:300],
            origin=Origin(record.origin),
            client=client,
            edited_at=record.edited_at,
            html=ready.html if ready else markup.render_clean(source, bounded=False),
        )

    def _name(self, name: str) -> str:
        if name not in self.names:
            if len(self.names) > 5000:
                self.names.clear()
            try:
                self.names[name] = clean_name(name[:MAX_NAME])
            except NameRefused:
                self.context.report.tell("name", name)
                self.names[name] = _("Anonymous")
        return self.names[name]

    def _is_reserved(self, name: str) -> bool:
        """Whether a comment under `name` waits, as nobody knows whether its bearer wrote it."""
        if name not in self.taken:
            if len(self.taken) > 5000:
                self.taken.clear()
            if self.reserved is None:
                self.reserved = reserved_names(site_settings())
            # The very name of an author was hers in public there; what only resembles it waits.
            self.taken[name] = not self.reserved.is_one(name) and self.reserved.holds(name)
        return self.taken[name]

    # -- storing ----------------------------------------------------------------------------------

    def _store(self, fresh: list[_New]) -> None:
        options = self.context.options
        rows = [item.row for item in fresh]
        places = comments_store(rows, trust_approved=options.trust_approved)
        source = self.context.source
        again = {item.record.key[:300] for item in fresh}
        if options.overwrite:
            # What was deleted here and comes back.
            Imported.objects.filter(
                source=source, kind=ImportedKind.COMMENT, key__in=again
            ).delete()
        kept = [
            {
                "source": source,
                "kind": ImportedKind.COMMENT.value,
                "key": item.record.key[:300],
                "number": place.pk,
                "digest": item.digest,
                "stored": _digest(item.row.source, item.row.name, item.row.website, item.row.state),
            }
            for item, place in zip(fresh, places, strict=True)
        ]
        stored = zip((item.record for item in fresh), kept, strict=True)
        copy_in(Imported, [*kept, *synced.second_names(self.context, stored)])


def _email(record: records.Comment) -> str:
    email = folded(record.email)[:254]
    return email if _EMAIL.fullmatch(email) else ""


def _digest(source: str, name: str, site: str, state: str) -> bytes:
    # What was refused and has answers is kept as removed: the same decision.
    state = "removed" if state in (State.REJECTED, State.REMOVED) else state
    return digest_of((source, name, site, str(state)))
