"""What a search costs by the size of the archive: `python -m bench.search`.

Milliseconds (the median of some rounds) of the search itself, with ten results and their pieces of
text, in archives of 1,000 and 50,000 articles of 300 words with a comment for each: for a rare
word, for one that every fifth article holds, narrowed down, misspelt, and in comments.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from bench import site

SIZES = (1_000, 50_000)


def words() -> list[str]:
    """Some thousand made-up words."""
    chance = random.Random(1)
    parts = [first + last for first in "bdgklmnr" for last in "aeo"]
    return sorted({"".join(chance.choices(parts, k=chance.randrange(2, 5))) for _ in range(6_000)})


def fill(first: int, last: int) -> None:
    """Articles numbered `first` to `last`, with authors and comments."""
    from django.core.cache import cache
    from django.db import connection
    from django.utils import timezone

    from authors.models import Author
    from blog.models import Article, ArticleAuthor
    from comments.posting.by_import import ImportedComment, thread_import

    chance, known = random.Random(first), words()
    likely = [1 / (1 + place) ** 0.8 for place in range(len(known))]
    people = list(Author.objects.order_by("pk"))
    for start in range(first, last + 1, 1_000):
        numbers = range(start, min(start + 1_000, last + 1))
        articles = []
        for number in numbers:
            text = " ".join(chance.choices(known, likely, k=300))
            text += " medewerkers" if number % 5 == 0 else ""
            text += " zeldzaamheid" if number % 5_000 == 1 else ""
            articles.append(
                Article(
                    title=" en ".join(chance.choices(known, k=2)),
                    slug=f"meting-{number}",
                    lead=" ".join(chance.choices(known, likely, k=12)),
                    body_text=text,
                    body_html=f"<p>{text}</p>",
                    word_count=300,
                    status="published",
                    published_at=timezone.now() - timedelta(hours=number),
                )
            )
        Article.objects.bulk_create(articles)
        ArticleAuthor.objects.bulk_create(
            ArticleAuthor(article=article, author=people[article.pk % len(people)])
            for article in articles
        )
        for article in articles[::100]:
            items = [
                ImportedComment(
                    key=str(turn),
                    parent=None,
                    name=f"Lezer {turn}",
                    source=" ".join(chance.choices(known, likely, k=40))
                    + (" medewerkers" if turn % 5 == 0 else ""),
                    created_at=timezone.now(),
                )
                for turn in range(100)
            ]
            thread_import(article=article, items=items)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    cache.clear()


def median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of the middle one of `rounds`, after one that warms up."""
    work()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with site.site():
        from django.utils import timezone

        from authors.models import Author
        from blog.search.articles import Filters, search
        from comments.thread.search import search as search_comments

        author = Author.objects.order_by("pk").first()
        last = 0
        for size in SIZES:
            fill(last + 1, size)
            last = size
            year = timezone.localtime().year - 1
            asked: dict[str, Callable[[], object]] = {
                "rare word": lambda: search("zeldzaamheid"),
                "word of every fifth": lambda: search("medewerkers"),
                "the same, page 5": lambda: search("medewerkers", page=5),
                "two common words": lambda: search("medewerkers bababa"),
                "common, one author": lambda: search("medewerkers", filters=Filters(author=author)),
                "common, last year": lambda y=year: search("medewerkers", filters=Filters(year=y)),
                "misspelt": lambda: search("medewrekers"),
                "comments, common": lambda: search_comments("medewerkers", filters=Filters()),
                "comments, no match": lambda: search_comments("zeldzaamheid", filters=Filters()),
            }
            print(f"{size} articles")
            for name, work in asked.items():
                print(f"  {name:<22} {median(work, rounds):7.1f} ms")


if __name__ == "__main__":
    main()
