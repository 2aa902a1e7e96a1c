"""Why mails failed, for the record of a sending: in the mail server's words, without addresses."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet

from core.redact import redact

# Reasons that are looked at and shown; a server that numbers its answers gives each mail its own.
_READ, _SHOWN = 2000, 20


def of(mails: QuerySet[Any]) -> list[tuple[str, int]]:
    """The reasons of `mails` and how many have each, the most frequent first; one query."""
    found: Counter[str] = Counter()
    rows = mails.order_by().values_list("error").annotate(n=Count("pk")).order_by("-n", "error")
    for words, count in rows[:_READ]:
        found[redact(words)] += count
    return found.most_common(_SHOWN)
