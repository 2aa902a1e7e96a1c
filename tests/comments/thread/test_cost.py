"""What a page of a conversation reads from the database: the same in a thread of any size."""

import gzip
import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import threads
from comments.models import Comment
from comments.thread import places
from tests.factories import make_article

SMALL, LARGE = 2_000, 20_000
ORDERS = ("", "newest", "discussed", "valued")


def middle_of(article, order):
    """A comment in the middle of the thread as it is read in that order."""
    roots = Comment.objects.filter(article=article, parent=None)
    rows = {
        "": Comment.objects.filter(article=article).order_by("path"),
        "newest": roots.order_by("-pk"),
        "discussed": roots.order_by("-rank", "-pk"),
        "valued": roots.order_by("-reaction_count", "-pk"),
    }[order]
    return rows.values_list("pk", flat=True)[rows.count() // 2]


def reads(statement):
    """Pages of the database that running `statement` touches, and the rows that its scans read."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    nodes, rows = [plan], 0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if "Scan" in node["Node Type"] and node.get("Relation Name") == "comments_comment":
            left = node.get("Rows Removed by Filter", 0)
            rows += node["Actual Loops"] * (node["Actual Rows"] + left)
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], rows


def cost(client, article, query):
    """Statements, pages of the database, and rows read for an answer made anew."""
    url = article.get_absolute_url()
    for _ in range(2):  # What stands around the conversation, and the settings, are kept.
        client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(url + query)
    assert answer.status_code == 200
    figures = [reads(one["sql"]) for one in asked.captured_queries]
    return (
        len(figures),
        sum(pages for pages, _rows in figures),
        sum(rows for _pages, rows in figures),
    )


@pytest.fixture
def sizes(db):
    cache.clear()
    found = []
    for size in (SMALL, LARGE):
        article = make_article()
        threads.grow(article, size)
        found.append(article)
    return found


def test_every_order_and_place_costs_the_same_in_a_thread_ten_times_as_long(client, sizes):
    for order in ORDERS:
        for middle in ("", "after", "at"):
            small, large = (
                cost(
                    client,
                    article,
                    f"?sort={order}" + (f"&{middle}={middle_of(article, order)}" if middle else ""),
                )
                for article in sizes
            )
            where = f"{order or 'oldest'}, {middle or 'first'}: {small} and {large}"
            # One says under which versions the page is kept.
            assert small[0] == large[0] <= (7 if middle == "at" else 6), where
            # A level more of an index is a page more for each of its look-ups; a sort, or a scan
            # of the thread, would read hundreds of pages and thousands of rows more.
            assert large[1] <= 1.25 * small[1] + 10, where
            # A page opened at a comment counts what is before it, up to `places.COUNTED` roots.
            assert large[2] <= 300 + (4 * places.COUNTED if middle == "at" else 0), where


def test_the_first_page_of_a_hundred_comments_is_at_most_thirty_kilobytes(client, db):
    article = make_article()
    threads.grow(article, 100, words=" ".join(f"woord{number}" for number in range(400)))
    answer = client.get(article.get_absolute_url(), HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    assert len(re.findall(rb'<article class="comment', gzip.decompress(answer.content))) == 100
    assert len(answer.content) <= 30 * 1024
