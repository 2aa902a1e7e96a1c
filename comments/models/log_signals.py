"""What spoke for a line of the moderation log: `{kind, detail}` in `ModerationEvent.signals`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignalKind(TextChoices):
    """What kind of thing spoke for it, as a moderator reads it."""

    EVERYONE = "everyone", _("everyone is held")
    NO_ADDRESS = "no_address", _("no e-mail address")
    FIRST = "first", _("first comment")
    BROWSER = "browser", _("known address, not confirmed in this browser")
    FLOOD = "flood", _("very many comments at that moment")
    BLOCKED = "blocked", _("blocked person")
    MAIL = "mail", _("it is not plain which part of the mail is the answer")
    SLOW_RULES = "slow_rules", _("the rules took too long to be tried")
    # With a detail: how many, which words, the score and what it came from.
    LINKS = "links", _("links")
    RULE = "rule", _("rule")
    FILTER = "filter", _("spam filter")
    AKISMET = "akismet", _("Akismet")
    REPORTS = "reports", _("reports")
    # The detail is one of `Complaint`.
    COMPLAINT = "complaint", _("complaint")
    # A mark was taken away; which, says the action.
    ENDED = "ended", _("no longer")
    # The detail is the `Action` that was taken back.
    DECISION = "decision", _("decision")
    # Of another release, in its own words.
    OTHER = "other", _("reason")


SUSPICIOUS = frozenset({SignalKind.FILTER.value, SignalKind.AKISMET.value})
"""What says that a comment looks like spam."""


@dataclass(frozen=True)
class Signal:
    """One thing that spoke for a line of the log; `detail` is text, mostly empty."""

    kind: SignalKind
    detail: str = ""

    @classmethod
    def of(cls, stored: Any) -> Signal:
        """The signal that a log holds; one of a kind that this release does not know is OTHER."""
        if not isinstance(stored, dict):
            return cls(SignalKind.OTHER, str(stored))
        kind, detail = str(stored.get("kind", "")), str(stored.get("detail", ""))
        if kind in SignalKind.values:
            return cls(SignalKind(kind), detail)
        return cls(SignalKind.OTHER, f"{kind}: {detail}" if detail else kind)

    def stored(self) -> dict[str, str]:
        """As the log holds it."""
        return {"kind": self.kind.value, "detail": self.detail}


def stored(signals: Iterable[Signal]) -> list[dict[str, str]]:
    """The signals as the log holds them."""
    return [signal.stored() for signal in signals]


def of_holding(events: Iterable[Any]) -> list[Signal]:
    """What held a comment, by the `ModerationEvent`s of its log: others say other things."""
    return [one for event in events if event.action == "held" for one in event.spoke_for_it]


WORDS = {
    "everyone is held": "everyone",
    "no e-mail address": "no_address",
    "first comment": "first",
    "other browser": "browser",
    "flood": "flood",
    "blocked": "blocked",
    "mail": "mail",
    "rules too slow": "slow_rules",
    "undone": "ended",
    "links": "links",
    "rule": "rule",
    "filter": "filter",
    "akismet": "akismet",
    "reported": "reports",
}
"""The phrases that stood for kinds until release 0.1; archives made then hold them."""


def from_words(said: Any, action: str) -> Any:
    """What was a phrase ("links: 3") in a line about `action`, as it is stored now.

    Anything else is given as it is. Migration 0015 uses it.
    """
    if not isinstance(said, str):
        return said
    if action in ("reported", "undone"):
        return {"kind": "complaint" if action == "reported" else "decision", "detail": said}
    word, _colon, detail = said.partition(": ")
    if word not in WORDS:
        return {"kind": "other", "detail": said}
    return {"kind": WORDS[word], "detail": detail}
