"""How many comments a second are stored: `python -m bench.posting`.

Sixteen writers post under one article, half of it replies: first straight through the service,
each with a database connection of its own, then through the form and the web server.
"""

from __future__ import annotations

import argparse
import http.client
import random
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

from bench import site
from bench.pages import make_article

WRITERS = 16


def together(seconds: float, write: Callable[[int, int], None]) -> float:
    """Calls of `write(writer, turn)` a second by all writers at once."""
    counts = [0] * WRITERS
    faults: list[BaseException] = []
    begun = time.monotonic()

    def work(writer: int) -> None:
        try:
            while time.monotonic() - begun < seconds:
                write(writer, counts[writer])
                counts[writer] += 1
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(counts) / (time.monotonic() - begun)


def by_service(seconds: float) -> float:
    """Comments a second through `comment_post`."""
    from blog.models import Hold, SiteSettings
    from comments.models import Comment
    from comments.services import Writer, comment_post

    article = make_article(100)
    open_site = SiteSettings(hold=Hold.NOBODY, posts_per_person=0)
    parents = list(Comment.objects.filter(article=article))

    def write(writer: int, turn: int) -> None:
        chance = random.Random(writer * 1_000_003 + turn)
        comment_post(
            article=article,
            parent=chance.choice(parents) if chance.random() < 0.5 else None,
            writer=Writer(name=f"Schrijver {writer}"),
            source=f"Bijdrage {turn} van {writer}, met *nadruk* en een [link](https://x.example/).",
            site=open_site,
        )

    return together(seconds, write)


def by_form(seconds: float) -> float:
    """Comments a second through the web server with two processes' worth of threads."""
    from blog.models import Hold, SiteSettings

    SiteSettings.objects.update(hold=Hold.NOBODY, posts_per_hour=0, flood_limit=0)
    article = make_article(100)
    local = threading.local()
    with site.gunicorn(threads=WRITERS) as served:

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
    options = parser.parse_args()
    with site.site():
        from comments.counters import recount

        print(f"by the service: {by_service(options.seconds):6.0f} comments/s, {WRITERS} writers")
        print(f"by the form:    {by_form(options.seconds):6.0f} comments/s, {WRITERS} writers")
        print(f"counters that were wrong afterwards: {recount()}")


if __name__ == "__main__":
    main()
