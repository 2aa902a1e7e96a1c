"""What pages cost on a site of 50,000 articles and 1,100,000 comments: `python -m bench.growth`.

Milliseconds in the database and in all, the median of some rounds, made anew each time, for pages
that show lists: readers', the admin's for an owner, feeds and sitemaps. The archive is copied from
the demo (bench/archive.py), which takes some minutes and 5 GB.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import site
from bench.archive import Archive, grow

READERS = (
    "/", "/?page=2", "{article}", "{article}feed/", "{tag}", "{tag}feed/", "{author}", "{year}",
    "{month}", "/feed/", "/comments/feed/", "/sitemap.xml", "/sitemap-articles.xml",
    "/sitemap-articles.xml?p=20", "/sitemap-authors.xml", "/sitemap-tags.xml",
    "/sitemap-archive.xml", "/search/", "/search/?q=werk", "/search/?q=zzzz",
    "/search/comments/?q=werk", "/search/comments/?q=zzzz",
)  # fmt: skip
OWNERS = (
    "", "blog/article/", "blog/article/?q=werk", "blog/article/?p=50", "blog/article/planned/",
    "blog/tag/", "authors/author/", "comments/comment/", "comments/comment/?tab=spam",
    "comments/comment/?tab=reported", "comments/comment/?tab=approved", "comments/comment/?q=werk",
    "comments/moderationevent/", "comments/report/", "comments/commenter/",
    "comments/commenter/?q=lezer7", "comments/delivery/", "blog/image/",
)  # fmt: skip


@contextmanager
def database_time() -> Iterator[list[float]]:
    """The seconds that each statement inside takes, to its answer."""
    from django.db import connection

    taken: list[float] = []

    def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timed):
        yield taken


def measure(client: Any, url: str, rounds: int) -> tuple[float, float, int]:
    """Milliseconds in the database and in all, and statements, of a page made anew."""
    database, whole, statements = [], [], 0
    for _ in range(rounds + 1):  # The first one warms up.
        with database_time() as taken:
            begun = time.perf_counter()
            answer = client.get(url, HTTP_AUTHORIZATION="made anew")
            whole.append(1000 * (time.perf_counter() - begun))
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {url}")
        database.append(1000 * sum(taken))
        statements = len(taken)
    return statistics.median(database[1:]), statistics.median(whole[1:]), statements


def main() -> None:
    """Grow the demo, measure and print, the slowest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with site.site():
        from django.db import connection
        from django.test import Client
        from django.test.utils import override_settings

        from authors.models import User
        from authors.roles import Role
        from blog.models import Article
        from comments.models import Comment, Commenter

        public = Article.objects.published()
        begun = time.monotonic()
        grow(
            Archive(asked.articles),
            articles=list(public.values_list("pk", flat=True)),
            comments=list(Comment.objects.public().values_list("pk", flat=True)[:200]),
            people=list(Commenter.objects.exclude(email=None).values_list("pk", flat=True)),
        )
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(f"grown in {time.monotonic() - begun:.0f} s")
        article = public.order_by("-published_at")[300]
        path, tag, author = (
            article.get_absolute_url(),
            article.tags.all()[0],
            article.authors.all()[0],
        )
        names = {
            "article": path, "year": path[:6], "month": path[:9],
            "tag": tag.get_absolute_url(), "author": author.get_absolute_url(),
        }  # fmt: skip
        owner = Client()
        owner.force_login(User.objects.filter(groups__name=Role.OWNER)[0])
        rows = []
        with override_settings(ALLOWED_HOSTS=["*"]):
            for url in READERS:
                rows.append((url, *measure(Client(), url.format(**names), asked.rounds)))
            for url in OWNERS:
                rows.append((f"admin/{url}", *measure(owner, f"/admin/{url}", asked.rounds)))
    print(f"{'page':<40} database   in all  statements")
    for url, database, whole, statements in sorted(rows, key=lambda row: -row[1]):
        print(f"{url:<40} {database:7.1f} {whole:8.1f}  {statements:5}")


if __name__ == "__main__":
    main()
