"""Screens a guest's comment before it is stored: rules, links, spam filters.

It runs outside the transaction that stores the comment, and changes nothing.
"""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from blog.models import SiteSettings
from comments.models import Comment, Effect, Rule, Signal, SignalKind, State
from comments.screening import akismet, learning, rules, spam
from comments.screening.contribution import Contribution

FLOOD_TIME = datetime.timedelta(minutes=10)
"""As many comments as `SiteSettings.flood_limit` in so short a time: who is not known waits."""


@dataclass(frozen=True)
class Screened:
    """Why a comment waits, and in which state; `refused`: the words it may not
    have, None when it may be stored; `score`: what the filters make of it, -1 when none was asked.
    """

    signals: tuple[Signal, ...] = ()
    state: State = State.APPROVED
    refused: str | None = None
    score: float = -1


def screen(facts: Contribution, site: SiteSettings) -> Screened:
    """What the rules, the number of links and the filters say of a guest's comment.

    Two queries, one more when the rules have changed.
    """
    caught, slow = _rules().check(facts)
    worst = rules.strongest(caught)
    if worst is not None and worst.rule.effect == Effect.REFUSE:
        return Screened(refused=worst.found)
    signals = [Signal(SignalKind.RULE, one.found) for one in caught[:5]]
    if slow:
        signals.append(Signal(SignalKind.SLOW_RULES))
    if len(facts.links) > site.max_links:
        signals.append(Signal(SignalKind.LINKS, str(len(facts.links))))
    score = -1.0
    for kind, scorer in _scorers(site):
        verdict = scorer(facts)
        score = max(score, verdict.score)
        if verdict.score >= spam.THRESHOLD:
            reasons = spam.readable(verdict.reasons)
            detail = f"{verdict.score:.2f} ({reasons})" if reasons else f"{verdict.score:.2f}"
            signals.append(Signal(kind, detail))
    if not signals:
        return Screened(score=score)
    is_spam = worst is not None and worst.rule.effect == Effect.SPAM
    return Screened(tuple(signals), State.SPAM if is_spam else State.PENDING, score=score)


def is_flooded(limit: int) -> bool:
    """Whether `limit` comments came in lately; never with 0. Reads one row by its number."""
    oldest = Comment.objects.order_by("-id").values_list("created_at", flat=True)
    since = timezone.now() - FLOOD_TIME
    return limit > 0 and any(moment > since for moment in oldest[limit - 1 : limit])


def _scorers(site: SiteSettings) -> list[tuple[SignalKind, spam.Scorer]]:
    scorers: list[tuple[SignalKind, spam.Scorer]] = []
    if site.spam_filter:
        scorers.append((SignalKind.FILTER, learning.score))
    if settings.AKISMET_KEY:
        scorers.append((SignalKind.AKISMET, akismet.score))
    return scorers


_kept: tuple[object, rules.RuleSet] = (None, rules.RuleSet())
_lock = threading.Lock()


def _rules() -> rules.RuleSet:
    """The rules that are switched on, prepared again only after a change; one query."""
    global _kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id), max(changed_at) FROM comments_rule WHERE active")
        version = cursor.fetchone()
    if _kept[0] != version:
        with _lock:
            if _kept[0] != version:
                _kept = (version, rules.prepare(Rule.objects.filter(active=True)))
    return _kept[1]
