"""What a search costs by the size of the archive: `python -m bench.search`.

Milliseconds (the median of some rounds) of the search itself, with ten results and their pieces of
text, in archives of 1,000 and 50,000 articles of 300 words and ten comments for every tenth: for
a rare word, for one that every fifth article holds, narrowed down, misspelt, and in comments.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable

from bench import site

SIZES = (1_000, 50_000)
_FILL = """
INSERT INTO blog_article (title, slug, language, translation_set, lead, body_source, body_html,
    body_text, toc, word_count, status, published_at, created_at, version, comment_policy, hold,
    comment_count, thread_version)
SELECT words[1 + n %% 997] || ' en ' || words[1 + n %% 1009], 'meting-' || n, 'nl',
    gen_random_uuid(), 'Over ' || words[1 + n %% 991], '', '',
    (SELECT string_agg(
        words[1 + (power(random(), 3) * (cardinality(words) - 1))::int + 0 * word], ' ')
     FROM generate_series(1, 300 + 0 * n) AS word)
    || CASE WHEN n %% 5 = 0 THEN ' medewerkers' ELSE '' END
    || CASE WHEN n %% 5000 = 1 THEN ' zeldzaamheid' ELSE '' END,
    '[]', 300, 'published', now() - n * interval '1 hour', now(), 1, 'open', '', 0, 0
FROM generate_series(%s, %s) AS n, (SELECT %s::text[] AS words) AS given
"""
_LINK = """
INSERT INTO blog_articleauthor (article_id, author_id, position)
SELECT article.id, ((SELECT array_agg(id) FROM authors_author))[1 + article.id %%
    (SELECT count(*) FROM authors_author)], 0
FROM blog_article AS article WHERE slug LIKE 'meting-%%'
    AND NOT EXISTS (SELECT 1 FROM blog_articleauthor WHERE article_id = article.id)
"""
_TALK = """
INSERT INTO comments_comment (article_id, path, depth, by_article_author, by_moderator, name,
    website, source, html, fragment, fragment_release, language, state, shown, reason,
    article_version, origin, created_at, to_tell, reaction_count, descendant_count, rank)
SELECT article.id, int4send(n), 0, false, false, 'Lezer ' || n, '',
    left(article.body_text, 400) || CASE WHEN n %% 5 = 0 THEN ' medewerkers' ELSE '' END,
    '<p>Iets.</p>',
    '', '', 'nl', 'approved', true, '', 1, 'site', now(), false, 0, 0, 0
FROM blog_article AS article, generate_series(1, 10) AS n
WHERE slug LIKE 'meting-%%0'
    AND NOT EXISTS (SELECT 1 FROM comments_comment WHERE article_id = article.id)
"""


def words() -> list[str]:
    """Some thousand made-up words."""
    chance = random.Random(1)
    parts = [first + last for first in "bdgklmnr" for last in "aeo"]
    return sorted({"".join(chance.choices(parts, k=chance.randrange(2, 5))) for _ in range(6_000)})


def fill(first: int, last: int) -> None:
    """Articles numbered `first` to `last`, with authors and comments."""
    from django.core.cache import cache
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FILL, [first, last, words()])
        cursor.execute(_LINK, [])
        cursor.execute(_TALK, [])
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
        from blog.search import Filters, search
        from comments.search import search as search_comments

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
