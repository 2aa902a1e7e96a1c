"""Every address of the site, for tests that walk them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve

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
