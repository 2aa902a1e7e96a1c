"""What an article page costs by the size and order of its thread: `python -m bench.pages`.

For each size, order, and place in the thread: CPU milliseconds a page of the web process and of
PostgreSQL (both counted whole: the server's own work, the compression, the driver; not the
load), requests a second with one web process, and the same finished page served by nginx in the
same run as the limit. Every answer is made anew (no conditional requests; a header keeps the pages
out of the memory of finished ones, which `bench.kept` measures); what the process keeps is the page
around the conversation.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.client
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import load, site, threads

SIZES = (2, 100, 1_000, 100_000)
ORDERS = ("oldest", "newest", "discussed")


def make_article(size: int) -> Any:
    """An article like the demo's, with a thread of `size` comments, deep and wide."""
    from django.utils import timezone

    from blog.models import Article, Status
    from blog.publishing.articles import article_save

    model = Article.objects.published().order_by("pk").first()
    assert model is not None
    article = article_save(
        article=Article(
            title=f"Gemeten met {size} reacties",
            lead=model.lead,
            body_source=model.body_source,
            picture=model.picture,
            status=Status.PUBLISHED,
            published_at=timezone.now(),
        ),
        authors=model.byline,
        tags=model.tag_list,
        editor=None,
        expected_version=None,
    )
    threads.grow(article, size, words=model.body_text)
    return article


def queries(article: Any) -> dict[str, str]:
    """The pages to ask for: in each order the first, and one from the middle where there is one."""
    from comments.models import Comment
    from comments.thread.selectors import PAGE, ROOTS

    found = {}
    shown = Comment.objects.filter(article=article)
    roots = shown.filter(parent=None)
    for order in ORDERS:
        sort = "" if order == "oldest" else f"sort={order}"
        found[f"{order}, first"] = f"?{sort}" if sort else ""
        rows = shown.order_by("path") if order == "oldest" else roots
        if order == "discussed":
            rows = roots.order_by("-rank", "-pk")
        elif order == "newest":
            rows = roots.order_by("-pk")
        count = rows.count()
        if count > 2 * (PAGE if order == "oldest" else ROOTS):
            middle = rows.values_list("pk", flat=True)[count // 2]
            found[f"{order}, middle"] = f"?{sort}{'&' if sort else ''}after={middle}"
    return found


def fetch(port: int, path: str) -> bytes:
    """The finished page as a browser gets it, compressed when the server does that."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status} for {path}")
    return gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body


@contextlib.contextmanager
def nginx(pages: dict[str, bytes]) -> Iterator[site.Served | None]:
    """nginx with the finished pages as compressed files; None where it is not installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="weerwoord-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for file, page in pages.items():
            (folder / f"{file}.html").write_bytes(page)
            (folder / f"{file}.html.gz").write_bytes(gzip.compress(page, 6))
        port = site.free_port()
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit;\n"
            "events { worker_connections 64; }\n"
            f"http {{ access_log off; gzip_static on; server {{ listen 127.0.0.1:{port};"
            f" root {folder}; default_type text/html;"
            " location /robots.txt { return 200; } } }\n"
        )
        master = subprocess.Popen([program, "-p", name, "-c", f"{folder}/nginx.conf"])
        try:
            site.wait(port)
            yield site.Served(port, site.children(master.pid))
        finally:
            master.terminate()
            master.wait(10)


def measure(directory: str, seconds: float) -> list[dict[str, Any]]:
    """A row of figures for each size."""
    articles = {size: make_article(size) for size in SIZES}
    headers = {"Accept-Encoding": "gzip", "Authorization": "-"}
    rows = []
    with site.gunicorn() as served:
        paths = {
            (size, name): article.get_absolute_url() + query
            for size, article in articles.items()
            for name, query in queries(article).items()
        }
        pages = {key: fetch(served.port, path) for key, path in paths.items()}
        with nginx({str(size): pages[size, "oldest, first"] for size in SIZES}) as limit:
            for (size, name), path in paths.items():
                load.rate(served.port, path, seconds=1, headers=headers)
                web = site.cpu_seconds(served.processes)
                database = site.cpu_seconds(site.backends(directory))
                count, taken = load.rate(served.port, path, seconds=seconds, headers=headers)
                row: dict[str, Any] = {
                    "comments": size,
                    "page": name,
                    "web_ms": 1000 * site.spent(web) / count,
                    "database_ms": 1000 * site.spent(database) / count,
                    "per_second": count / taken,
                    "bytes": len(gzip.compress(pages[size, name], 6)),
                }
                if limit is not None and name == "oldest, first":
                    file = f"/{size}.html"
                    before = site.cpu_seconds(limit.processes)
                    count, taken = load.rate(limit.port, file, seconds=seconds, headers=headers)
                    row |= {
                        "nginx_ms": 1000 * site.spent(before) / count,
                        "nginx_per_second": count / taken,
                    }
                rows.append(row)
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    """A table for people."""
    print(f"{'comments':>8} {'page':<18} {'web ms':>7} {'db ms':>6} {'pages/s':>8} {'gzip KB':>8}"
          f" {'nginx ms':>9} {'nginx/s':>8} {'of limit':>9}")  # fmt: skip
    for row in rows:
        line = (
            f"{row['comments']:>8} {row['page']:<18} {row['web_ms']:>7.2f}"
            f" {row['database_ms']:>6.2f} {row['per_second']:>8.0f} {row['bytes'] / 1024:>8.1f}"
        )
        if "nginx_ms" in row:
            part = row["per_second"] / row["nginx_per_second"]
            line += f" {row['nginx_ms']:>9.3f} {row['nginx_per_second']:>8.0f} {part:>9.4f}"
        print(line)
    if rows and "nginx_ms" not in rows[0]:
        print("nginx is not installed: the limit was not measured.", file=sys.stderr)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="how long each page is asked for")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with site.site() as directory:
        rows = measure(directory, options.seconds)
    show(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
