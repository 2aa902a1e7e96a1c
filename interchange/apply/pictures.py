"""Pictures of texts: found in the media that came along, and put into the library once."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import urlsplit

from django.db import transaction

from blog.models import Image
from blog.publishing.pictures import image_add
from core import pictures
from core.text import tame
from interchange import html, records
from interchange.apply.base import Context, digest_of
from interchange.models import ImportedKind
from interchange.report import NEW, SAME

# WordPress's smaller copies of a picture: its size, or what it was made from.
_SIZE = re.compile(r"-(?:\d{2,5}x\d{2,5}|scaled|rotated|e\d{10,13})(?=\.\w{3,4}$)")
_ORIGIN = re.compile(r"^https?://(?:www\.)?")


class Pictures:
    """Finds the pictures of one article after another."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.article = ""
        self.complete = True

    def begin(self, article: str) -> None:
        """The next article."""
        self.article, self.complete = article, True

    def find(self, shown: html.FoundPicture) -> list[int]:
        """Numbers in the library; in a dry run 1 stands for a picture that would come."""
        spool = self.context.spool
        if shown.article:
            keys = spool.pictures_of(shown.article)
        elif shown.key:
            keys = [shown.key]
        else:
            return self._by_address(shown)
        found = []
        for key in keys:
            record = spool.get("Picture", key)
            if record is None:
                self._missing(key)
                continue
            number = self._take(record.place, record, shown)
            if number:
                found.append(number)
        return found

    def _by_address(self, shown: html.FoundPicture) -> list[int]:
        src = shown.src
        if src.startswith("data:") or not src:
            self.context.report.tell("bad picture", src[:40])
            return []
        if src.startswith("//"):
            src = f"https:{src}"
        record = self._record(src)
        path = self.context.local_path(src)
        elsewhere = path is None and record is None and "://" in src
        if elsewhere and not self.context.options.fetch:
            self.context.report.tell("picture elsewhere", src)
            return []
        number = self._take(src, record, shown)
        return [number] if number else []

    def _record(self, src: str) -> records.Picture | None:
        """What the export says of the picture at an address, or of the one it is a copy of."""
        plain = src.partition("?")[0].partition("#")[0]
        rest = _ORIGIN.sub("", plain)
        for name in dict.fromkeys((rest, _SIZE.sub("", rest))):
            for start in ("https://", "http://", "https://www.", "http://www.", ""):
                key = self.context.spool.picture_at(start + name)
                if key:
                    return self.context.spool.get("Picture", key)
        return None

    def _missing(self, what: str) -> None:
        self.complete = False
        self.context.report.tell("picture", what)

    def _take(
        self, place: str, record: records.Picture | None, shown: html.FoundPicture
    ) -> int | None:
        context = self.context
        alt = tame(shown.alt or (record.alt if record else ""))[:300]
        caption = tame(shown.caption or (record.caption if record else ""))[:300]
        origin = record.place if record else place.partition("?")[0]
        # The same picture with other words is another entry of the library.
        name = f"{digest_of((origin, alt, caption)).hex()}"
        known = context.known(ImportedKind.PICTURE, [name]).get(name)
        if known is not None and Image.objects.filter(pk=known.number).exists():
            context.report.came("picture", SAME)
            return known.number
        data = self._bytes(origin, place)
        if data is None:
            self._missing(urlsplit(origin).path or origin)
            return None
        try:
            moving = pictures.is_moving(data)
            if moving:
                context.report.tell("moving picture", origin)
            if context.dry:
                pictures.inspect(data, still=True)
                context.report.came("picture", NEW)
                return 1
            with transaction.atomic():
                image = image_add(
                    upload=BytesIO(data), alt=alt, caption=caption, user=None, still=moving
                )
                context.remember(ImportedKind.PICTURE, name, image.pk, digest_of(name), b"")
        except pictures.PictureError as error:
            context.report.tell("bad picture", f"{origin}: {error.messages[0]}")
            return None
        context.report.came("picture", NEW)
        return image.pk

    def _bytes(self, origin: str, place: str) -> bytes | None:
        if self.context.media is None:
            return None
        for name in dict.fromkeys((origin, _SIZE.sub("", place.partition("?")[0]), place)):
            data = self.context.media.open(name)
            if data is not None:
                return data
        return None
