"""Pings search engines (IndexNow) and feed hubs (WebSub) about changes.

IndexNow (indexnow.org) and WebSub (W3C) are asked by the worker, and only when the settings name a
key or a hub. What they do not answer is tried again three times.
"""

from __future__ import annotations

import datetime
import json
import logging
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from blog.models import Article
from core.fetching import FetchError, fetch

INDEXNOW = "https://api.indexnow.org/indexnow"
# Minutes from one try to the next.
PAUSES = (1, 10, 60)
_log = logging.getLogger(__name__)


def announce(*versions: Article | None) -> None:
    """Queue pings about a changed article; none when it was and is not public.

    The caller is inside the transaction of the change.
    """
    public = [article for article in versions if article is not None and article.is_public]
    if not public:
        return
    if settings.INDEXNOW_KEY:
        ping_indexnow.enqueue(sorted({article.get_absolute_url() for article in public}), 1)
    if settings.WEBSUB_HUB:
        ping_hub.enqueue(_feeds(public[-1]), 1)


def _feeds(article: Article) -> list[str]:
    """The paths of the feeds that the article stands in."""
    feeds = [reverse("blog:feed"), reverse("blog:atom")]
    for author in article.byline:
        feeds += [reverse(f"authors:{name}", args=[author.slug]) for name in ("feed", "atom")]
    for tag in article.tag_list:
        feeds += [reverse(f"blog:{name}", args=[tag.slug]) for name in ("tag_feed", "tag_atom")]
    return feeds


@task()
def ping_indexnow(paths: list[str], turn: int) -> None:
    """Tell search engines of changed addresses."""
    told = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": settings.INDEXNOW_KEY,
        "keyLocation": settings.SITE_URL + reverse("blog:indexnow"),
        "urlList": [settings.SITE_URL + path for path in paths],
    }
    if not _post(INDEXNOW, json.dumps(told).encode(), "application/json; charset=utf-8"):
        _again(ping_indexnow, paths, turn)


@task()
def ping_hub(paths: list[str], turn: int) -> None:
    """Tell the hub of changed feeds."""
    told = [("hub.mode", "publish"), *(("hub.url", settings.SITE_URL + path) for path in paths)]
    kind = "application/x-www-form-urlencoded"
    if not _post(settings.WEBSUB_HUB, urlencode(told).encode(), kind):
        _again(ping_hub, paths, turn)


def _post(url: str, body: bytes, kind: str) -> bool:
    """Post; gives whether the service accepted it or will never do so."""
    try:
        answer = fetch(url, method="POST", body=body, headers={"Content-Type": kind})
    except FetchError as fault:
        _log.warning("%s was not told: %s", url, fault)
        return False
    if answer.status >= 300:
        _log.warning("%s answered %d", url, answer.status)
    return answer.status < 500 and answer.status != 429


def _again(work: object, paths: list[str], turn: int) -> None:
    if turn <= len(PAUSES):
        due = timezone.now() + datetime.timedelta(minutes=PAUSES[turn - 1])
        work.using(run_after=due).enqueue(paths, turn + 1)  # type: ignore[attr-defined]
