"""What a kept page costs beside the same made anew: `python -m bench.kept`.

For each kind of page the CPU milliseconds of the web process and of PostgreSQL for an answer that
is kept, for a 304, and for one that is made (a header that a signed-in program would send keeps it
out of the memory). For the article also one after each comment, which makes the thread's part anew
and takes the rest from memory.
"""

from __future__ import annotations

import argparse
import http.client
from typing import Any

from bench import site
from bench.pages import make_article

_TURNS = 400


def asked(port: int, path: str, headers: dict[str, str], turns: int, between: Any = None) -> None:
    """Ask `turns` times on one connection; `between` runs before each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _turn in range(turns):
        if between is not None:
            between()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status not in (200, 304):
            raise RuntimeError(f"{response.status} for {path}")


def tag_of(port: int, path: str) -> str:
    """The ETag of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    return response.headers["ETag"] or ""


def commented(article: Any) -> Any:
    """Gives what every comment does to the versions of `article`."""
    from django.db.models import F

    from blog.models import Article

    rows = Article.objects.filter(pk=article.pk)
    return lambda: rows.update(thread_version=F("thread_version") + 1)


def measure(directory: str, turns: int) -> list[tuple[str, float, float]]:
    """Rows of what was asked, and the milliseconds of the web process and of PostgreSQL."""
    article = make_article(1_000)
    url = article.get_absolute_url()
    pages = {
        "article, 1,000 comments": url,
        "front page": "/",
        "subject": article.tag_list[0].get_absolute_url(),
        "author": article.byline[0].get_absolute_url(),
        "RSS": "/feed/",
        "comments by RSS": "/comments/feed/",
        "sitemap of articles": "/sitemap-articles.xml",
    }
    rows = []

    def add(name: str, path: str, headers: dict[str, str], turns: int, between: Any = None) -> None:
        asked(served.port, path, headers, 20, between)
        web = site.cpu_seconds(served.processes)
        database = site.cpu_seconds(site.backends(directory))
        asked(served.port, path, headers, turns, between)
        rows.append((name, 1000 * site.spent(web) / turns, 1000 * site.spent(database) / turns))

    with site.gunicorn() as served:
        gzip = {"Accept-Encoding": "gzip"}
        for name, path in pages.items():
            add(f"{name}: kept", path, gzip, turns)
            known = {**gzip, "If-None-Match": tag_of(served.port, path)}
            add(f"{name}: 304", path, known, turns)
            add(f"{name}: made", path, {**gzip, "Authorization": "-"}, max(turns // 10, 1))
        add("robots.txt: the floor", "/robots.txt", gzip, turns)
        add("article, after a comment", url, gzip, max(turns // 10, 1), commented(article))
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--turns", type=int, default=_TURNS, help="how often each page is asked for"
    )
    options = parser.parse_args()
    with site.site() as directory:
        rows = measure(directory, options.turns)
    print(f"{'page':<36} {'web ms':>7} {'db ms':>6}")
    for name, web, database in rows:
        print(f"{name:<36} {web:>7.2f} {database:>6.2f}")


if __name__ == "__main__":
    main()
