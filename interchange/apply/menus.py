"""Storing of menus: the top and the foot, where this site has none of its own yet."""

from __future__ import annotations

import re

from django.db import transaction

from blog.models import MenuItem, MenuPlace, Page, Tag
from blog.site.menus import menu_links_renew
from core.text import tame
from interchange import records
from interchange.apply.base import Context, digest_of, without_slash
from interchange.models import Imported, ImportedKind
from interchange.report import GONE, NEW, SAME

_FOOT = re.compile(r"foot|voet|bottom|onder|social|legal", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s]+$")


class Menus:
    """One menu becomes the top, one the foot; exports do not say which stood where."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.places: dict[str, str] = {}
        self.changed = False
        # Whoever filled a menu here keeps it.
        brought = Imported.objects.filter(source=context.source, kind=ImportedKind.MENU).values(
            "number"
        )
        own = MenuItem.objects.exclude(pk__in=brought).values_list("place", flat=True)
        self.taken = set(own)

    @transaction.atomic
    def store(self, record: records.MenuLink) -> None:
        """One entry."""
        context = self.context
        place = self._place(record.menu)
        said = f"{record.menu}: {record.label or record.target or record.url}"
        if not place:
            context.report.tell("menu", said)
            return
        if record.below:
            context.report.tell("menu below another", said)
            return
        known = context.known(ImportedKind.MENU, [record.key]).get(record.key[:300])
        if known is not None:
            here = MenuItem.objects.filter(pk=known.number).exists()
            context.report.came("menu", SAME if here else GONE)
            return
        item = self._item(record)
        if item is None:
            context.report.tell("menu to nothing", said)
            return
        context.report.came("menu", NEW)
        if context.dry:
            return
        item.place, item.position = place, record.position
        label = record.label
        if item.url and not label:
            above = context.spool.get("Article", record.target)
            label = above.title if above else item.url
        item.label = " ".join(tame(label).split())[:40]
        item.save()
        self.changed = True
        digest = digest_of(record)
        context.remember(ImportedKind.MENU, record.key, item.pk, digest, digest)

    def end(self) -> None:
        """After the last entry: let the pages show them."""
        if not self.context.dry:
            menu_links_renew()

    def _place(self, menu: str) -> str:
        """Where a menu stands from now on; empty for one too many."""
        if not self.places:
            # All at once: a run that goes on halfway decides as the one before it.
            for _number, record in self.context.spool.of("MenuLink"):
                wanted = MenuPlace.FOOTER if _FOOT.search(record.menu) else MenuPlace.HEADER
                free = wanted not in self.taken and wanted not in self.places.values()
                self.places.setdefault(record.menu, wanted if free else "")
        return self.places[menu]

    def _item(self, record: records.MenuLink) -> MenuItem | None:
        """What it leads to; in a trial something that may not be there yet."""
        context = self.context
        if record.kind == "tag":
            row = context.known(ImportedKind.TAG, [record.target]).get(record.target[:300])
            tag = Tag.objects.filter(pk=row.number).first() if row else None
            waits = context.dry and context.spool.get("Tag", record.target) is not None
            return MenuItem(tag=tag) if tag or waits else None
        if record.kind == "article":
            row = context.known(ImportedKind.PAGE, [record.target]).get(record.target[:300])
            page = Page.objects.filter(pk=row.number).first() if row else None
            if page is not None:
                return MenuItem(page=page)
            planned = context.spool.planned(f"article:{record.target}") or context.spool.planned(
                f"page:{record.target}"
            )
            return MenuItem(url=planned[1]) if planned else None
        path = context.local_path(record.url)
        if path is not None:
            base = context.base or "/"
            home = without_slash(path) in ("/", without_slash(base))
            found = "/" if home else context.spool.leads(without_slash(path))
            return MenuItem(url=found) if found else None
        if not _WEB.match(record.url) or len(record.url) > 300:
            return None
        return MenuItem(url=record.url)
