"""The copy: every public page that can be reached, fetched first, then led to one another."""

from __future__ import annotations

import posixpath
import re
import shutil
import tempfile
from functools import cache, partial
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

from authors.models import Author
from blog.models import Article
from blog.site import colours
from comments.models import Comment
from comments.thread import access, fragments, selectors
from interchange.archive.writing import Progress, silent, snapshot
from interchange.copy import pages
from interchange.copy.fetching import RunningSite
from interchange.copy.pages import PageLink

_ANCHOR = re.compile(r"#comment-(\d{1,18})")
_COMMENT = re.compile(r"(/.+/)comment/(\d{1,18})/")
_NUMBER = re.compile(r"[0-9]{1,18}")
_PLAIN_PART = re.compile(r"[\w~-][\w.~-]*")


_PAGING = {"before", "after", "n", "page"}
# What asks for an answer, or is for one person.
_ELSEWHERE = {"admin", "comments"}
_POLICY = (
    "default-src 'none'; img-src 'self' file:; style-src 'self' file:; base-uri 'none'; "
    "form-action 'none'"
)
_STARTS = ("/", "/search/")


class CopyError(Exception):
    """The copy cannot be made; the message says why."""


def copy_write(folder: Path, *, author: Author | None = None, progress: Progress = silent) -> int:
    """Write the copy to `folder`, which must be empty or not there; gives the number of pages.

    With `author` it holds their page and articles alone; what else these link to is on the site.
    Every page shows the site at one moment. Raises CopyError and OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CopyError(f"{folder} is not empty.")
    try:
        staticfiles_storage.url("css/site.css")
    except ValueError as error:
        raise CopyError("Run `manage.py collectstatic` first.") from error
    _refresh()
    with tempfile.TemporaryDirectory(prefix="weerwoord-copy-") as scratch, snapshot():
        crawl = _Crawl(Path(scratch), progress, author)
        crawl.fetch()
        count = crawl.lay_out(folder)
        if author is not None:
            (folder / "index.html").write_text(_onward(author), "utf-8")
        return count


def _onward(author: Author) -> str:
    """What opens first in the copy of one author: their page."""
    place = quote(_file(author.get_absolute_url(), 1))
    return (
        '<!doctype html>\n<html lang="">\n<meta charset="utf-8">\n'
        f"<title>{escape(author.name)}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={place}">\n'
        f'<p><a href="{place}">{escape(author.name)}</a></p>\n</html>\n'
    )


def _refresh() -> None:
    """Make fragments of an older release anew, before the moment at which the copy is taken."""
    for language, _name in settings.LANGUAGES:
        shown = Comment.objects.shown().filter(article__language=language)
        stale = shown.exclude(fragment_release=fragments.release(language))
        for row in stale.only("pk").iterator():
            fragments.renewed(row)


class _Crawl:
    """What is known of the site: its pages by path, each with its later pages."""

    def __init__(self, scratch: Path, progress: Progress, author: Author | None) -> None:
        self.scratch, self.progress = scratch, progress
        # The paths that are fetched; None: all.
        self.only: frozenset[str] | None = None
        self.starts: tuple[str, ...] = _STARTS
        if author is not None:
            articles = Article.objects.published().filter(authors=author)
            self.starts = (author.get_absolute_url(), *(row.get_absolute_url() for row in articles))
            self.only = frozenset(self.starts)
        self.site = RunningSite()
        # The numbers of the fetched files of a path: first page, second, and so on.
        self.fetched: dict[str, list[int]] = {}
        self.moved: dict[str, str] = {}
        self.count = 0
        self.copied: dict[str, str | None] = {}
        self.page_of = cache(_page_of)

    # Fetching

    def fetch(self) -> None:
        """Fetch every page that can be reached."""
        waiting, seen = list(self.starts), set(self.starts)
        while waiting:
            path = waiting.pop()
            for found in sorted(self._chain(path) - seen):
                seen.add(found)
                waiting.append(found)

    def _chain(self, path: str) -> set[str]:
        """Fetch a page and those that continue it; gives the paths that they lead to."""
        query, found, numbers = "", set[str](), []
        while True:
            answer = self.site.get(path, query)
            if answer.status >= 500:
                raise CopyError(f"{path} answers {answer.status}: see the log of the site.")
            if answer.location:
                moved = self._own(urljoin(settings.SITE_URL + path, answer.location))
                if moved is not None and not moved.query:
                    self.moved[path] = moved.path
                    found.add(moved.path)
                return found
            if answer.status != 200 or answer.text is None:
                return found
            numbers.append(self.count)
            (self.scratch / f"{self.count}.html").write_text(answer.text, "utf-8")
            self.count += 1
            self.progress("pages", self.count)
            self.fetched[path] = numbers
            query = ""
            for link in pages.links(answer.text):
                own = self._own(urljoin(settings.SITE_URL + path, link.url))
                if own is None:
                    continue
                if own.path == path and "next" in link.rel and _is_paging(own):
                    query = own.query
                elif link.tag == "a" and "nofollow" not in link.rel and self._is_wanted(own):
                    found.add(own.path)
            if not query:
                return found

    def _own(self, url: str) -> SplitResult | None:
        """The parts of an address of this site; None for any other."""
        if not url.startswith(f"{settings.SITE_URL}/") and url != settings.SITE_URL:
            return None
        parts = urlsplit(url)
        return parts._replace(path=parts.path or "/")

    def _is_wanted(self, own: SplitResult) -> bool:
        if own.query or not _is_plain(own.path):
            return False
        if self.only is not None:
            return own.path in self.only
        try:
            match = resolve(unquote(own.path))
        except Resolver404:
            return True  # It may have moved.
        return not _ELSEWHERE & set(match.namespaces) and match.url_name != "media"

    # Laying out

    def lay_out(self, folder: Path) -> int:
        """Write all that was fetched, and the files that it needs, below `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        for path, numbers in self.fetched.items():
            for page, source in enumerate(numbers, 1):
                text = (self.scratch / f"{source}.html").read_text("utf-8")
                target = folder / _file(path, page)
                target.parent.mkdir(parents=True, exist_ok=True)
                lead = partial(self._lead, folder, path, page, pages.anchors(text))
                done = pages.rewrite(
                    text, lead, policy=_POLICY, answer=_answer(path, pages.language(text))
                )
                target.write_text(done, "utf-8")
                number += 1
                self.progress("files", number)
        return number

    def _lead(
        self, folder: Path, path: str, page: int, anchors: frozenset[str], link: PageLink
    ) -> str | None:
        """Where a link of a page leads in the copy."""
        answered = _ANCHOR.fullmatch(link.url)
        if link.url.startswith("#") and (not answered or link.url[1:] in anchors):
            return link.url
        if answered:  # It is on another page of the thread.
            return self._comment(path, answered[1], _file(path, page))
        own = self._own(urljoin(settings.SITE_URL + path, link.url))
        if own is None:
            return link.url if link.tag in ("a", "link") else None
        live = own.geturl()
        if link.tag == "link" and link.rel & {"canonical", "alternate"}:
            return live
        here = _file(path, page)
        is_asset = own.path.startswith((settings.STATIC_URL, settings.MEDIA_URL))
        is_asset = is_asset or "stylesheet" in link.rel
        if is_asset:
            asset = self._asset(folder, own.path)
            return None if asset is None else quote(_between(here, asset))
        thread, number = _comment_of(own)
        if number and thread in self.fetched:
            if thread == path and f"comment-{number}" in anchors:
                return f"#comment-{number}"
            return self._comment(thread, number, here)
        target = self._target(own, path, page, link.rel)
        if target is None:
            return live if link.tag in ("a", "link") else None
        if target == here and own.fragment:
            return f"#{own.fragment}"
        return quote(_between(here, target)) + (f"#{own.fragment}" if own.fragment else "")

    def _comment(self, path: str, number: str, here: str) -> str:
        """The place of a comment: there is no page for each, but one of the thread has it."""
        page, anchor = self.page_of(path, int(number)), f"comment-{number}"
        if not 1 <= page <= len(self.fetched[path]):
            page, anchor = 1, "comments"
        return f"{quote(_between(here, _file(path, page)))}#{anchor}"

    def _target(self, own: SplitResult, path: str, page: int, rel: frozenset[str]) -> str | None:
        """The file of a page in the copy; None when it is not there."""
        found = self.moved.get(own.path, own.path)
        if found not in self.fetched:
            return None
        if not own.query:
            return _file(found, 1)
        if found == path and _is_paging(own):
            number = page + (1 if "next" in rel else -1 if "prev" in rel else 0)
            if number != page and 1 <= number <= len(self.fetched[found]):
                return _file(found, number)
        return None

    def _asset(self, folder: Path, path: str) -> str | None:
        """Copy a picture, style or sign the first time; gives its place, None if it is gone."""
        if path not in self.copied:
            source = _accent(path) or _asset_source(unquote(path))
            self.copied[path] = None
            if source is not None and _is_plain(path):
                target = folder / unquote(path).lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(source, str):
                    target.write_text(source, "utf-8")
                else:
                    shutil.copyfile(source, target)
                self.copied[path] = unquote(path).lstrip("/")
        return self.copied[path]


def _is_plain(path: str) -> bool:
    """Whether a path can be one of folders: nothing hidden, nothing that leads up."""
    parts = unquote(path).strip("/").split("/")
    return path == "/" or all(_PLAIN_PART.fullmatch(part) for part in parts)


def _comment_of(own: SplitResult) -> tuple[str, str]:
    """The address of the article, and the number, of the comment to which a link leads: on its own
    page or in the conversation (`?at=`); no number for any other link."""
    if found := _COMMENT.fullmatch(own.path):
        return found[1], found[2]
    number = parse_qs(own.query).get("at", [""])[0]
    return own.path, number if _NUMBER.fullmatch(number) else ""


def _is_paging(own: SplitResult) -> bool:
    return bool(own.query) and set(parse_qs(own.query)) <= _PAGING


def _file(path: str, page: int) -> str:
    folder = unquote(path).strip("/")
    name = "index.html" if page == 1 else f"page-{page}.html"
    return f"{folder}/{name}" if folder else name


def _between(here: str, there: str) -> str:
    return posixpath.relpath(there, posixpath.dirname(here) or ".")


def _accent(path: str) -> str | None:
    """The stylesheet with the site's accent: no file holds it."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return colours.stylesheet(**found.kwargs) if found.view_name == "blog:style" else None


def _asset_source(path: str) -> Path | None:
    if path.startswith(settings.MEDIA_URL):
        name = path.removeprefix(settings.MEDIA_URL)
        return Path(default_storage.path(name)) if default_storage.exists(name) else None
    name = path.removeprefix(settings.STATIC_URL)
    found = finders.find(name)
    if not found and settings.STATIC_ROOT and staticfiles_storage.exists(name):
        found = staticfiles_storage.path(name)
    return Path(found) if isinstance(found, str) else None


def _page_of(path: str, number: int) -> int:
    """On which page of the thread below `path` a comment is; 0 when readers do not see it."""
    article = Article.objects.published().filter(slug=path.strip("/").rpartition("/")[2]).first()
    if article is None:
        return 0
    shown = Comment.objects.shown().filter(article=access.home_id(article))
    place = shown.filter(pk=number).values_list("path", flat=True).first()
    if place is None:
        return 0
    before: int = shown.filter(path__lt=bytes(place)).count()
    return before // selectors.PAGE + 1


def _answer(path: str, language: str) -> str:
    with translation.override(language or settings.LANGUAGE_CODE):
        words = _("This is a copy of %(date)s. Comments are written on the site itself:") % {
            "date": date_format(timezone.localdate(), "DATE_FORMAT")
        }
        address = f"{settings.SITE_URL}{path}"
        return str(
            format_html('<p class="notice">{} <a href="{}">{}</a></p>', words, address, address)
        )
