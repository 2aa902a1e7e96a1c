"""How many comments a second are stored: `python -m bench.posting`.

Sixteen writers post under one article, half of it replies, each with a database connection of
its own: first straight through the service (screening, rules, limits, markup and counters
included), in as many processes as a deployment would start, one for a processor; then through
the form and as many web processes.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

from bench import site
from bench.pages import make_article

WRITERS = 16


def together(seconds: float, write: Callable[[int, int], None], writers: int = WRITERS) -> float:
    """Calls of `write(writer, turn)` a second by all writers at once."""
    counts = [0] * writers
    faults: list[BaseException] = []
    begun = time.monotonic()

    def work(writer: int) -> None:
        try:
            while time.monotonic() - begun < seconds:
                write(writer, counts[writer])
                counts[writer] += 1
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.monotonic() - begun)


def by_service(seconds: float, processes: int) -> float:
    """Comments a second through `comment_post`, by writers in `processes` of their own."""
    article = make_article(100)
    start = ["-m", "bench.posting", "--article", str(article.pk), "--seconds", str(seconds)]
    share = ["--writers", str(WRITERS // processes)]
    running = [
        subprocess.Popen(
            [sys.executable, *start, *share, "--first", str(number * 1_000)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for one in running:
        one.stdout.readline()  # It is ready.
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    return sum(float(one.communicate()[0]) for one in running)


def write_here(number: int, seconds: float, writers: int, first: int) -> None:
    """One process of `by_service`: says that it is ready, waits for a word, prints its rate."""
    import django

    django.setup()
    from blog.models import Article, Hold, SiteSettings
    from comments.models import Comment
    from comments.posting.store import comment_post
    from comments.posting.submission import Submission

    article = Article.objects.get(pk=number)
    open_site = SiteSettings(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    parents = list(Comment.objects.filter(article=article))

    def write(writer: int, turn: int) -> None:
        writer += first
        chance = random.Random(writer * 1_000_003 + turn)
        comment_post(
            submission=Submission(
                article=article,
                parent=chance.choice(parents) if chance.random() < 0.5 else None,
                name=f"Schrijver {writer}",
                text=f"Bijdrage {turn} van {writer}, met *nadruk* en een [link](https://x.example/).",
            ),
            site=open_site,
        )

    together(0.2, write, writers)  # What is read once is read before the clock runs.
    first += 500
    print("ready", flush=True)
    sys.stdin.readline()
    print(together(seconds, write, writers))


def by_form(seconds: float, processes: int) -> float:
    """Comments a second through the form and the web server."""
    from blog.models import Hold, SiteSettings

    SiteSettings.objects.update(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    article = make_article(100)
    local = threading.local()
    with site.gunicorn(processes=processes, threads=WRITERS) as served:

        def write(writer: int, turn: int) -> None:
            if not hasattr(local, "connection"):
                local.connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
            text = f"Bijdrage {turn} van {writer}, met *nadruk*."
            form = urlencode(
                {"text": text, "name": f"Schrijver {writer}", "key": f"{writer}-{turn}"}
            )
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{served.port}",
            }
            local.connection.request("POST", f"{article.get_absolute_url()}reply/", form, headers)
            response = local.connection.getresponse()
            response.read()
            if response.status != 303:
                raise RuntimeError(f"{response.status} for a comment")

        return together(seconds, write)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, WRITERS))
    for name in ("article", "writers", "first"):  # For the processes that it starts itself.
        parser.add_argument(f"--{name}", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    seconds, processes = options.seconds, options.processes
    if options.article:
        write_here(options.article, seconds, options.writers, options.first)
        return
    with site.site():
        from comments.models import Comment
        from comments.thread.counters import recount

        how = f"{WRITERS} writers, {processes} processes"
        print(f"by the service: {by_service(seconds, processes):6.0f} comments/s, {how}")
        print(f"by the form:    {by_form(seconds, processes):6.0f} comments/s, {how}")
        shown = Comment.objects.filter(shown=True).count()
        print(f"shown: {shown} of {Comment.objects.count()}; wrong counters: {recount()}")


if __name__ == "__main__":
    main()
