"""Translates stored signals ("links: 3") for moderators."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import Complaint

CONFIRMABLE = frozenset({"first comment", "other browser", "flood"})
"""What the click in the mail to the writer's address settles."""

_WORDS = {
    "everyone is held": gettext_lazy("everyone is held"),
    "no e-mail address": gettext_lazy("no e-mail address"),
    "first comment": gettext_lazy("first comment"),
    "other browser": gettext_lazy("known address, not confirmed in this browser"),
    "flood": gettext_lazy("very many comments at that moment"),
    "blocked": gettext_lazy("blocked person"),
    "mail": gettext_lazy("it is not plain which part of the mail is the answer"),
    "undone": gettext_lazy("no longer"),
    "rules too slow": gettext_lazy("the rules took too long to be tried"),
}
_KINDS = {
    "links": gettext_lazy("links"),
    "rule": gettext_lazy("rule"),
    "filter": gettext_lazy("spam filter"),
    "akismet": gettext_lazy("Akismet"),
    "reported": gettext_lazy("reports"),
}
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


def describe(signal: str) -> str:
    """A stored signal in the reader's language; one that is not known as it is."""
    if signal in _WORDS:
        return str(_WORDS[signal])
    if signal in Complaint.values:
        return str(Complaint(signal).label)
    kind, colon, rest = signal.partition(": ")
    if not colon or kind not in _KINDS:
        return signal
    if kind == "filter":
        score, bracket, reasons = rest.partition(" (")
        if bracket:
            told = ", ".join(_feature(one) for one in reasons.removesuffix(")").split(", "))
            rest = f"{score} ({told})"
    return _("%(kind)s: %(rest)s") % {"kind": _KINDS[kind], "rest": rest}


def _feature(reason: str) -> str:
    for start, words in _FEATURES.items():
        if reason.startswith(start):
            return f"{words}{reason.removeprefix(start)}"
    return reason
