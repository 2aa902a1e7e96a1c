"""Resolves moved URLs; asked only when no page is found."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers

from blog.models import Article, Page, Redirect
from blog.models.article import HEAVY
from blog.site import wordpress_addresses

if TYPE_CHECKING:
    from django.http import HttpRequest

# The address of an article, author, subject (WordPress: category too) or series, and what is below.
_BASE = re.compile(
    r"(/(?:([1-9][0-9]{3})/(0[1-9]|1[0-2])|author|tag|series|category)/([-\w]+)/)(.*)", re.S
)
# The feed of what else moved: an article whose address at another site was of another form.
_FEED = re.compile(r"(/[^\n]+/)()()()(feed/(?:atom/)?)")
# An article's picture for sharing: another one replaces it when what it shows is renamed.
_CARD = re.compile(r"cards/([0-9]{1,18})-[0-9a-f]{16}\.png")
_LONGEST = 1000
# Another site, as an owner wrote it: nothing of what a reader asked for becomes part of it.
_ELSEWHERE = re.compile(r"https?://[^\s/\\?#@]+(?:[/?#][^\s\\]*)?", re.I)
_STEPS = 5
GONE = ""


def find(path: str) -> str | None:
    """The new path of `path`, `GONE` for deleted pages, None when nothing moved.

    What stood below an article, an author, a subject or a series stands below its new address; a
    missing slash at the end is added, one too many taken away. What moved by no row may be one of
    WordPress's addresses. Given is the end of the way, so that a reader is sent on once, whatever
    rows lead to each other. What readers may not see leads nowhere: nobody learns where a withdrawn
    article went. Another site is the end of a way (`is_elsewhere`).
    """
    if len(path) > _LONGEST:
        return None
    found, seen, known = path, {path}, True
    for _ in range(_STEPS):
        moved = _step(found)
        step = wordpress_addresses.leads(found) or _without_slash(found) if moved is None else moved
        if step is None or step in seen:
            break
        if step == GONE:
            return GONE
        if is_elsewhere(step):
            return step
        found, known = step, moved is not None
        seen.add(step)
    if found == path or not (known or resolves(found)):
        return None
    return found if _is_seen(found) else None


def is_elsewhere(target: str) -> bool:
    """Whether a target of a redirect is the address of another site, http or https."""
    return _ELSEWHERE.fullmatch(target) is not None


def find_query(query: str, folder: str = "/") -> tuple[str, str] | None:
    """Where the front page leads with a `query` of WordPress's, as `find` says it, and with what
    query; None when it is the front page's own.

    `folder` is where that front page stood, with a slash at its end: below the top, only what an
    import knows by number leads on.
    """
    for path, below, rest in wordpress_addresses.leads_by_query(query):
        if folder != "/":
            if not path.startswith("/?"):
                continue
            path = folder + path[1:]
        where = find(path)
        if where is None and resolves(path):
            where = path
        if where and is_elsewhere(where):
            return where, ""
        if where is not None:
            return where + below if where and resolves(where + below) else where, rest
    return None


def leads_to(request: HttpRequest, path: str, *, query: str) -> HttpResponsePermanentRedirect:
    """A permanent redirect to `path` of this site with `query`.

    301 for reading; 308 for everything else, which makes a browser send the form once more, with
    all that was typed. No browser keeps it: an address may come back to where it was, and a
    remembered way there and back would be a circle.
    """
    there, mark, fragment = path.partition("#")
    joined = ("&" if "?" in there else "?") + query if query else ""
    url = f"{there}{joined}{mark}{fragment}"
    safe = request.method in ("GET", "HEAD")
    response = HttpResponsePermanentRedirect(url, preserve_request=not safe)
    add_never_cache_headers(response)
    return response


def resolves(path: str) -> bool:
    """Whether the site has a route for `path`."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _step(path: str) -> str | None:
    """Where the rows, or the article of that slug, lead from `path`: one step, None for none."""
    if path.startswith(settings.MEDIA_URL):
        return _card(path.removeprefix(settings.MEDIA_URL))
    slashed = path if path.endswith("/") else f"{path}/"
    parts = _BASE.fullmatch(slashed) or _FEED.fullmatch(slashed)
    whole = [path, slashed]
    if not path.isascii():
        # Rows of an import before 0.2.0 are as the old site wrote them.
        coded = [quote(one) for one in whole]
        whole += [*coded, *(one.lower() for one in coded)]
    wanted = list(whole)
    if parts is not None:
        wanted += [parts[1], *_months_around(parts)]
    known = Redirect.objects.filter(old_path__in=wanted).select_related("article")
    light = known.defer(*(f"article__{name}" for name in HEAVY))
    rows = {row.old_path: row for row in light}
    for one in whole:
        if one in rows:
            return _end(rows[one], "")
    if parts is None:
        return None
    base, rest = parts[1], parts[5]
    if base in rows:
        return _end(rows[base], rest)
    if not parts[2]:
        return None
    # Another date or another time zone gives an article another month; its slug is its own.
    published = Article.objects.published().only("slug", "published_at")
    article = published.filter(slug=parts[4]).first()
    if article is not None:
        return _below(article, rest)
    # The same for a slug of earlier.
    near = next((rows[old] for old in wanted if old in rows), None)
    return _end(near, rest) if near is not None and near.article_id else None


def _without_slash(path: str) -> str | None:
    """The address of a file that was asked for with a slash at its end, where no page has that."""
    bare = path.rstrip("/")
    return bare if bare != path and not resolves(path) and resolves(bare) else None


def _card(name: str) -> str | None:
    """The address of the picture for sharing that took the place of `name`."""
    parts = _CARD.fullmatch(name)
    if parts is None:
        return None
    shown = Article.objects.published().filter(pk=parts[1]).exclude(card__in=("", name))
    card = shown.values_list("card", flat=True).first()
    url = default_storage.url(card) if card else ""
    return url if url.startswith("/") else None


def _months_around(parts: re.Match[str]) -> Iterator[str]:
    """The same slug's addresses a month earlier and later: where another time zone puts it."""
    first = datetime.date(int(parts[2]), int(parts[3]), 1) if parts[2] else None
    if first is None or not 1000 < first.year < 9999 or not parts[4].isascii():
        return
    for days in (-1, 31):
        day = first + datetime.timedelta(days=days)
        yield reverse("blog:article", args=[day.year, day.month, parts[4]])


def _below(article: Article, rest: str) -> str | None:
    found = article.get_absolute_url() + rest
    return found if not rest or resolves(found) else None


def _end(row: Redirect, rest: str) -> str | None:
    """Where a row leads, with what stands below its address."""
    if row.article is not None:
        if row.article.trashed_at is not None:
            # It comes back under its own address.
            return GONE
        return _below(row.article, rest) if row.article.is_public else None
    if is_elsewhere(row.target):
        return None if rest else row.target
    if not row.target.startswith("/") or row.target.startswith("//"):
        return GONE
    found = row.target + rest
    return found if not rest or resolves(found) else None


def _is_seen(path: str) -> bool:
    """Whether readers see the page at `path`, unless it is none that an editor can hide."""
    try:
        match = resolve(path)
    except Resolver404:
        return True  # A file, or another site's part of this host.
    if match.view_name != "blog:page":
        return True
    page = Page.objects.filter(slug=match.kwargs["slug"]).only("public", "trashed_at").first()
    return page is None or page.is_public


def address_moves(*, old: str, new: str) -> None:
    """Store a redirect from `old` to `new`, flattening chains; an empty `new` means gone (410).

    What stands below the page of an author, a subject or a series goes along with it
    (`blog.site.redirects`). The caller is in a transaction. No chain and no loop is left.
    """
    if old == new:
        return
    Redirect.objects.filter(old_path=new).delete()
    Redirect.objects.filter(target=old).update(target=new)
    Redirect.objects.update_or_create(old_path=old, defaults={"target": new, "article": None})
