"""Finds links of published texts that lead nowhere any more.

Links are read from the texts by a job of the worker. Those within the site are looked up in the
database; other sites are asked, when the settings allow it: one request for each link about once
a month, never two at once at one host, with pauses between them. An address is called dead after
several looks on several days.
"""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urldefrag, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django_tasks import task

from blog.content.outgoing import links_in
from blog.models import Article, CheckedLink, LinkFault, LinkUse, Page, Text
from blog.site import redirects
from blog.site.own_paths import is_answered
from blog.site.settings import site_settings
from core import fetching, locks
from core.fetching import Door, FetchError, fetch
from core.locks import Lock

PAUSE: Final = datetime.timedelta(minutes=1)
"""Between two requests to one host."""
AGAIN: Final = tuple(datetime.timedelta(days=days) for days in (1, 2, 4))
"""After the first, second and third look that found nothing; with the third it is dead."""
LATER: Final = datetime.timedelta(days=30)
_DEAD_LATER: Final = datetime.timedelta(days=7)
_OWN_LATER: Final = datetime.timedelta(days=1)
_QUEUED: Final = datetime.timedelta(hours=1)
_AT_ONCE: Final = 5
_LOOKED_THROUGH: Final = 200
# Their rows are locked until all of them are read.
_TEXTS: Final = 50
_OWN: Final = 500
_SECONDS: Final = 10.0
_LONGEST_WAIT: Final = datetime.timedelta(days=2)
_SHORTEST_WAIT: Final = datetime.timedelta(hours=1)
_TOO_MANY: Final = 429
# Answers of servers that are there, and do not show programs what they show people.
_NOT_FOR_PROGRAMS: Final = frozenset((401, 402, 403, 405, 406, 407, 423, 425, 451, 999))
# No content type: the body of an answer is never read.
_NO_BODY: Final = ("none/",)


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What came of asking: whether it is there (None: not to be said), and what was answered."""

    alive: bool | None
    status: int | None = None
    fault: str = ""
    # How long the host wants to be left alone.
    wait: datetime.timedelta | None = None


# -- reading texts ------------------------------------------------------------------------------


def links_read(count: int = _TEXTS) -> int:
    """Read the links of published texts that changed since; gives the number of texts."""
    read = 0
    for model in (Article, Page):
        rows = model._default_manager.published().filter(linked_version__lt=F("version"))
        for text in rows.only("pk", "version", "body_source").order_by("pk")[: count - read]:
            _uses_renew(text)
            model._default_manager.filter(pk=text.pk).update(linked_version=text.version)
            read += 1
    return read


def _uses_renew(text: Text) -> None:
    """Store what `text` links to, as it stands now."""
    passages: dict[str, str] = {}
    for link in links_in(text.body_source):
        if url := address_to_check(link.href):
            passages.setdefault(url, link.passage)
    known = _links_of(passages)
    about = {"article" if isinstance(text, Article) else "page": text}
    uses = {use.link_id: use for use in LinkUse.objects.filter(**about)}
    LinkUse.objects.filter(pk__in=[use.pk for key, use in uses.items() if key not in known]
                           ).delete()  # fmt: skip
    changed = []
    for number, url in known.items():
        if number in uses and uses[number].passage != passages[url]:
            uses[number].passage = passages[url]
            changed.append(uses[number])
    LinkUse.objects.bulk_update(changed, ["passage"])
    LinkUse.objects.bulk_create(
        LinkUse(link_id=number, passage=passages[url], **about)
        for number, url in known.items()
        if number not in uses
    )


def _links_of(urls: Iterable[str]) -> dict[int, str]:
    """The rows of these addresses by their numbers, made where there is none."""
    digests = {digest_of_url(url): url for url in urls}
    CheckedLink.objects.bulk_create(
        (
            CheckedLink(url=url, digest=digest, host=link_host(url))
            for digest, url in digests.items()
        ),
        ignore_conflicts=True,
    )
    rows = CheckedLink.objects.filter(digest__in=digests).values_list("pk", "digest")
    return {number: digests[digest] for number, digest in rows}


def digest_of_url(url: str) -> str:
    """What a row of `CheckedLink` is found by."""
    return hashlib.sha256(url.encode()).hexdigest()


def address_to_check(href: str) -> str:
    """The address behind a link as it is looked up: absolute, a path of this site, or
    "article:12". Empty for what is none, as a place on the same page or a mail address."""
    try:
        url = urldefrag(href.strip())[0]
        if url.startswith("article:"):
            return url[:100]
        parts = urlsplit(f"https:{url}" if url.startswith("//") else url)
        there, here = parts.netloc.lower(), urlsplit(settings.SITE_URL).netloc.lower()
        host = parts.hostname
    except ValueError:
        return ""
    if there == here or not (parts.scheme or there):
        path = parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
        return path[:2000] if url and path.startswith("/") else ""
    found = iri_to_uri(parts.geturl())
    return found if host and parts.scheme in ("http", "https") and len(found) <= 2000 else ""


def link_host(url: str) -> str:
    """The host of an absolute address, in small letters; empty for one of this site."""
    try:
        return (urlsplit(url).hostname or "")[:255].lower() if "://" in url else ""
    except ValueError:
        return ""


def links_prune() -> int:
    """Forget addresses that no text links to any more; gives their number."""
    used = LinkUse.objects.filter(link=OuterRef("pk"))
    return CheckedLink.objects.filter(~Exists(used)).delete()[0]


# -- links within the site ----------------------------------------------------------------------


def own_links_look(count: int = _OWN) -> int:
    """Look up those links within the site that are due; gives their number."""
    due = CheckedLink.objects.filter(host="", next_at__lte=timezone.now()).order_by("next_at")
    return _look_up(list(due[:count]))


def _look_up(links: list[CheckedLink]) -> int:
    now = timezone.now()
    numbers = {link.pk: article_number(link.url) for link in links}
    wanted = [number for number in numbers.values() if number]
    public = set(Article.objects.published().filter(pk__in=wanted).values_list("pk", flat=True))
    for link in links:
        number = numbers[link.pk]
        there = number in public if number is not None else _is_own_page(link.url)
        link.asked_at, link.next_at, link.dead = now, now + _OWN_LATER, not there
        link.failing_since = None if there else link.failing_since or now
        link.fault = "" if there else LinkFault.UNSEEN
    CheckedLink.objects.bulk_update(
        links, ["asked_at", "next_at", "dead", "failing_since", "fault"]
    )
    return len(links)


def article_number(url: str) -> int | None:
    """The number in "article:12"; None for a path, 0 for no number."""
    if not url.startswith("article:"):
        return None
    digits = url.removeprefix("article:")
    return int(digits) if digits.isdecimal() and len(digits) < 19 else 0


def _is_own_page(url: str) -> bool:
    """Whether a path of this site leads readers somewhere, at once or by a redirect."""
    path = unquote(url.partition("?")[0])
    if "\0" in path:
        return False
    return is_answered(path) or is_answered(f"{path}/") or bool(redirects.find(path))


# -- links to other sites -----------------------------------------------------------------------


def _askable() -> QuerySet[CheckedLink]:
    """Links to other sites, in what readers see, that are not ignored."""
    used = LinkUse.objects.in_public().filter(link=OuterRef("pk"))
    return CheckedLink.objects.filter(Exists(used), ignored=False).exclude(host="")


def _due(now: datetime.datetime) -> QuerySet[CheckedLink]:
    """Those that are to be asked by now."""
    return _askable().filter(next_at__lte=now)


def links_ask() -> int:
    """Queue a few due links, each of another host; gives their number. None when it is off."""
    if not site_settings().check_links:
        return 0
    now = timezone.now()
    rows = list(_due(now).order_by("next_at")[:_LOOKED_THROUGH])
    recent = CheckedLink.objects.filter(asked_at__gt=now - PAUSE, host__in={x.host for x in rows})
    seen = dict.fromkeys(recent.values_list("host", flat=True), 1)
    queued, later = 0, []
    for link in rows:
        turn = seen.get(link.host, 0)
        seen[link.host] = turn + 1
        if turn == 0 and queued < _AT_ONCE:
            link.next_at = now + _QUEUED
            link_look.enqueue(link.pk)
            queued += 1
            later.append(link)
        elif turn:
            # Its host has others before it: it does not keep those of other hosts from their turn.
            link.next_at = now + turn * PAUSE
            later.append(link)
    CheckedLink.objects.bulk_update(later, ["next_at"])
    return queued


@task(priority=-20)
def link_look(number: int) -> None:
    """Ask one address, if its host was left alone for a while, and store what came of it."""
    link = _claim(number)
    if link is not None:
        answer_store(link=link, answer=ask(link.url))


@transaction.atomic
def _claim(number: int) -> CheckedLink | None:
    """The link, with its host taken for `PAUSE`; None when it is not to be asked (any more)."""
    if not site_settings().check_links:
        return None
    link = _askable().filter(pk=number).first()
    if link is None:
        return None
    locks.hold(Lock.LINK_HOST, link.host)
    now = timezone.now()
    if CheckedLink.objects.filter(host=link.host, asked_at__gt=now - PAUSE).exists():
        CheckedLink.objects.filter(pk=number).update(next_at=now + PAUSE)
        return None
    CheckedLink.objects.filter(pk=number).update(asked_at=now)
    link.asked_at = now
    return link


def ask(url: str, *, door: Door = fetching.PUBLIC) -> LinkAnswer:
    """Whether the address answers: by HEAD, and by GET where that was not taken well."""
    answer = LinkAnswer(None)
    for method in ("HEAD", "GET"):
        answer = _ask_once(url, method, door)
        if answer.alive or answer.wait or (answer.alive is None and not answer.status):
            break
        if answer.fault in (LinkFault.NAME, LinkFault.UNSAFE):
            break
    return answer


def _ask_once(url: str, method: str, door: Door) -> LinkAnswer:
    agent = f"{fetching.AGENT} link check (+{settings.SITE_URL})"
    try:
        said = fetch(
            url,
            method=method,
            headers={"User-Agent": agent},
            types=_NO_BODY,
            seconds=_SECONDS,
            door=door,
        )
    except fetching.AddressRefused:
        return LinkAnswer(None)
    except fetching.RedirectRefused:
        return LinkAnswer(True)
    except fetching.UnknownHost:
        return LinkAnswer(False, fault=LinkFault.NAME)
    except fetching.UnsafeConnection:
        return LinkAnswer(False, fault=LinkFault.UNSAFE)
    except FetchError:
        return LinkAnswer(False, fault=LinkFault.SILENT)
    if said.status == _TOO_MANY or (said.status == 503 and "retry-after" in said.headers):
        return LinkAnswer(None, said.status, wait=_wait(said.headers))
    alive = said.status < 400 or said.status in _NOT_FOR_PROGRAMS
    return LinkAnswer(alive, said.status)


def _wait(headers: Mapping[str, str]) -> datetime.timedelta:
    """As long as the server asks for, within bounds; a day when it names no number."""
    digits = headers.get("retry-after", "").strip()
    if not (digits.isdecimal() and len(digits) < 9):
        return datetime.timedelta(days=1)
    return min(max(datetime.timedelta(seconds=int(digits)), _SHORTEST_WAIT), _LONGEST_WAIT)


@transaction.atomic
def answer_store(*, link: CheckedLink, answer: LinkAnswer) -> None:
    """Store what came of asking, and when to ask again."""
    now = timezone.now()
    if answer.wait is not None:
        until = now + answer.wait
        CheckedLink.objects.filter(host=link.host, next_at__lt=until).update(next_at=until)
        CheckedLink.objects.filter(pk=link.pk).update(next_at=until)
        return
    link.status, link.fault = answer.status, answer.fault
    # Some days to and fro, so that what was read in one hour is not asked in one hour for ever.
    link.next_at = now + LATER + datetime.timedelta(hours=random.uniform(0, 72))  # noqa: S311
    if answer.alive:
        link.failures, link.failing_since, link.dead = 0, None, False
    elif answer.alive is False:
        link.failing_since = link.failing_since or now
        link.failures = min(link.failures + 1, 100)
        since = now - link.failing_since
        link.dead = link.dead or (link.failures >= len(AGAIN) and since >= AGAIN[0] + AGAIN[1])
        again = AGAIN[min(link.failures, len(AGAIN)) - 1]
        link.next_at = now + (_DEAD_LATER if link.dead else again)
    link.save(update_fields=["status", "fault", "next_at", "failures", "failing_since", "dead"])


# -- what editors do ----------------------------------------------------------------------------


@transaction.atomic
def links_look_again(*, links: QuerySet[CheckedLink]) -> int:
    """Look at these again: those within the site at once, others as soon as their hosts allow.

    Gives how many were there again at once.
    """
    own = list(links.filter(host="").select_for_update())
    _look_up(own)
    links.exclude(host="").update(next_at=timezone.now(), ignored=False)
    return sum(not link.dead for link in own)


def links_ignore(*, links: QuerySet[CheckedLink], ignored: bool) -> int:
    """Leave these out of the report and ask them no more, or take them back; gives how many."""
    return links.filter(~Q(ignored=ignored)).update(ignored=ignored, next_at=timezone.now())
