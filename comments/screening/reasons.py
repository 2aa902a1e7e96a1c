"""Translates stored signals for moderators."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import Complaint, Signal, SignalKind

CONFIRMABLE = frozenset({SignalKind.FIRST, SignalKind.BROWSER, SignalKind.FLOOD})
"""What the click in the mail to the writer's address settles."""

# What the filter's own features are called; words and addresses speak for themselves.
_FEATURES = {
    "links:": gettext_lazy("links: "),
    "speed:fast": gettext_lazy("typed very fast"),
    "shape:capitals": gettext_lazy("capitals"),
    "shape:exclaiming": gettext_lazy("exclamation marks"),
    "shape:money": gettext_lazy("amounts of money"),
    "shape:other script": gettext_lazy("another script"),
    "shape:long": gettext_lazy("long"),
    "name:": gettext_lazy("name: "),
    "host:": gettext_lazy("link to "),
}


def describe(signal: Signal) -> str:
    """A signal in the reader's language; one of another release in its own words."""
    kind, detail = signal.kind, signal.detail
    if kind == SignalKind.OTHER:
        return detail
    if kind == SignalKind.COMPLAINT and detail in Complaint.values:
        return str(Complaint(detail).label)
    if not detail:
        return str(kind.label)
    if kind == SignalKind.FILTER:
        score, bracket, found = detail.partition(" (")
        if bracket:
            told = ", ".join(_feature(one) for one in found.removesuffix(")").split(", "))
            detail = f"{score} ({told})"
    return _("%(kind)s: %(rest)s") % {"kind": kind.label, "rest": detail}


def _feature(reason: str) -> str:
    for start, words in _FEATURES.items():
        if reason.startswith(start):
            return f"{words}{reason.removeprefix(start)}"
    return reason
