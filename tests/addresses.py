"""What tests of addresses share: the site's routes, its links, and the worker's turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

import lxml.etree
import lxml.html
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

_WORK = re.compile(r"(?:comments\.thread\.renaming|blog\.publishing\.rendering)\.")


def routes(patterns: Iterable[object] | None = None, before: str = "/") -> Iterator[str]:
    """Every route of the site outside the admin, as it stands in the URL configuration."""
    for found in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(found.pattern)  # type: ignore[attr-defined]
        if route.startswith("/admin/"):
            continue
        if isinstance(found, URLPattern):
            yield route
        else:
            yield from routes(found.url_patterns, route)  # type: ignore[attr-defined]


def work() -> None:
    """Do what was left to the worker for texts that name or link to something."""
    while queued := list(DBTaskResult.objects.filter(status="READY").order_by("enqueued_at")):
        for row in queued:
            DBTaskResult.objects.filter(pk=row.pk).delete()
            if _WORK.match(row.task_path):
                kept = row.args_kwargs
                import_string(row.task_path).call(*kept["args"], **kept["kwargs"])


def _links(url: str, kind: str, text: str) -> Iterator[str]:
    if kind == "text/html":
        page = lxml.html.document_fromstring(text)
        for name in ("href", "action", "data-arrivals"):
            for node in page.xpath(f"//*[@{name}]"):
                if node.get("rel") not in ("preload", "stylesheet"):
                    yield urljoin(url, node.get(name))
        for script in page.xpath("//script[@type='application/ld+json']/text()"):
            yield from re.findall(r'"(?:url|@id|item)":\s*"(http[^"]+)"', script)
    elif kind.endswith("xml"):
        for node in lxml.etree.fromstring(text.encode()).iter():
            name = str(node.tag).rpartition("}")[2]
            if name in ("loc", "id", "guid", "link", "comments", "commentRss", "uri", "url"):
                # An element "comments" of another vocabulary holds a number.
                yield from re.findall(r"^http\S+$", node.text or "")
                yield from filter(None, [node.get("href")])


def links(url: str, kind: str, text: str) -> set[str]:
    """The paths, with their queries, of this site that a page or a feed names."""
    found = set()
    for link in _links(url, kind, text):
        whole = urldefrag(urljoin(settings.SITE_URL + url, link))[0]
        path = whole.removeprefix(settings.SITE_URL)
        if path.startswith("/") and not path.startswith(("/static/", "/media/", "/admin/")):
            found.add(path)
    return found


def visit(client: Client, path: str) -> tuple[int, int, set[str]]:
    """The status at the end of the way, how often it led on, and the links that stand there."""
    hops, here = 0, path
    answer = client.get(here)
    while answer.status_code in (301, 302, 303, 307, 308) and hops < 5:
        hops, here = hops + 1, urljoin(here, answer["Location"])
        answer = client.get(here)
    found: set[str] = set()
    if answer.status_code == 200:
        kind = answer["Content-Type"].partition(";")[0]
        found = links(here, kind, answer.content.decode())
    return answer.status_code, hops, found


def crawl(client: Client, starts: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Status and number of redirects of every address that can be reached from `starts`."""
    seen: dict[str, tuple[int, int]] = {}
    left = set(starts)
    while left:
        path = left.pop()
        status, hops, found = visit(client, path)
        seen[path] = status, hops
        left |= found - seen.keys()
    return seen


# What fits each converter, and each group of Django's own expressions.
_VALUES = {
    "int": "1", "year": "2024", "article_year": "2024", "month": "05", "article_month": "05",
    "light": "0b5d5a", "colour": "0b5d5a", "app_label": "blog",
}  # fmt: skip


def _patterns(resolver: Any, prefix: str = "") -> Iterator[str]:
    for found in resolver.url_patterns:
        route = prefix + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from _patterns(found, route)
        elif isinstance(found, URLPattern):
            yield route


def addresses() -> dict[str, str]:
    """An address for each pattern of the site's, with the name by which `resolve` knows it."""
    found = {}
    for route in _patterns(get_resolver()):
        plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1:\1>", route)
        plain = plain.replace("^", "").replace("$", "").replace("\\Z", "")
        url = "/" + re.sub(
            r"<(?:(\w+):)?(\w+)>", lambda part: _VALUES.get(part[1] or "", "x"), plain
        )
        found[url] = resolve(url).view_name
    return found
