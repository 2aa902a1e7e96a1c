"""Finished pages in this process's memory: compressed, bounded by bytes, the longest unused leave.

It knows bytes and headers alone: what a page depends on, and whether it still holds, is for who
keeps it (`config.kept_pages`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from core import compression

D = TypeVar("D")

# What a page weighs beside its bytes: headers, key, and what it depends on.
_AROUND: Final = 3_000
# So many addresses with a query are known by name after one visit.
_SEEN: Final = 4_096


def unless_known(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponse:
    """`response`, or in its place 304 (412) where the conditions of `request` say so, under the
    same policy."""
    changed = parse_http_date_safe(response.get("Last-Modified", ""))
    known = get_conditional_response(request, tag or None, changed, response) or response
    policy = response.get("Content-Security-Policy")
    if known is not response and policy:
        known["Content-Security-Policy"] = policy
    return known


@dataclass(slots=True)
class Finished(Generic[D]):
    """A finished page: its headers without those of its length and encoding, and its bytes."""

    headers: Mapping[str, str]
    # gzip, but for a page that is too small for it.
    packed: bytes
    small: bool
    depends: D
    # Made for the first who takes it.
    brotli: bytes = b""

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page for `request`, or 304 (412) where its conditions say so."""
        headers = dict(self.headers)
        encoding: compression.Encoding = ""
        if not self.small:
            encoding = compression.chosen(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = self._body(encoding)
        tag = headers.get("ETag", "")
        if encoding:
            headers["Content-Encoding"] = encoding
            # Other bytes, the same page: a strong tag becomes weak.
            headers["ETag"] = f"W/{tag}"
        headers["Content-Length"] = str(len(body))
        response = HttpResponse(body, headers=headers)
        if "HTTP_IF_NONE_MATCH" in request.META or "HTTP_IF_MODIFIED_SINCE" in request.META:
            return unless_known(request, response, tag)
        return response

    def _body(self, encoding: compression.Encoding) -> bytes:
        if self.small or encoding == "gzip":
            return self.packed
        if not encoding:
            return compression.unzipped(self.packed)
        if not self.brotli:
            self.brotli = compression.brotlied(compression.unzipped(self.packed))
        return self.brotli

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes, brotli included before it is made."""
        return _AROUND + (1 if self.small else 2) * len(self.packed)


class _Pool(Generic[D]):
    """Pages up to `most` bytes, by address; used last comes last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0
        self.pages: OrderedDict[str, Finished[D]] = OrderedDict()

    def drop(self, key: str) -> None:
        page = self.pages.pop(key, None)
        if page is not None:
            self.bytes -= page.weight

    def put(self, key: str, page: Finished[D]) -> None:
        self.drop(key)
        # One that would empty the memory for itself alone is not worth it.
        if page.weight > self.most // 4:
            return
        self.pages[key] = page
        self.bytes += page.weight
        while self.bytes > self.most:
            self.drop(next(iter(self.pages)))


class Memory(Generic[D]):
    """Finished pages by their addresses, up to `most` bytes.

    Addresses with a query have a third of the room to themselves, so that who invents queries never
    drives out a page without, and are kept when they are asked for a second time: who never asks
    twice fills nothing. Threads may share it.
    """

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._plain: _Pool[D] = _Pool(most - most // 3)
        self._asked: _Pool[D] = _Pool(most // 3)
        self._seen: OrderedDict[int, None] = OrderedDict()

    def __bool__(self) -> bool:
        """Whether there is room for anything."""
        return self._plain.most > 0

    def __len__(self) -> int:
        return len(self._plain.pages) + len(self._asked.pages)

    @property
    def bytes(self) -> int:
        """About how much memory the pages take."""
        return self._plain.bytes + self._asked.bytes

    def _pool(self, key: str) -> _Pool[D]:
        return self._asked if "?" in key else self._plain

    def get(self, key: str) -> Finished[D] | None:
        """The page that is kept for `key`, whether or not it still holds."""
        with self._lock:
            pages = self._pool(key).pages
            page = pages.get(key)
            if page is not None:
                pages.move_to_end(key)
            return page

    def put(self, key: str, page: Finished[D]) -> None:
        """Keep `page` in the place of what is there; the longest unused make room."""
        with self._lock:
            pool = self._pool(key)
            if pool is self._asked and not self._known(key):
                return
            pool.put(key, page)

    def _known(self, key: str) -> bool:
        number = hash(key)
        known = number in self._seen
        self._seen[number] = None
        self._seen.move_to_end(number)
        if len(self._seen) > _SEEN:
            self._seen.popitem(last=False)
        return known

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for pool in (self._plain, self._asked):
                pool.pages.clear()
                pool.bytes = 0
            self._seen.clear()
