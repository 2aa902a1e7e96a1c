"""What a page reads does not grow with the site: every page of the URL configuration, at two sizes.

A page that walks the archive, counts a table or skips rows to get to a place reads three times
the rows on a site of three times the size. Rows are those of tables that a statement fetches
(EXPLAIN ANALYZE), with or without sequential scans, whichever are fewer: on a small site a table
is read whole because it is small, not for want of an index.
"""

import json
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from authors.models import Author
from authors.roles import Role
from bench import archive, threads
from blog.models import Article
from blog.reading import steps
from blog.search import articles as finding
from comments.models import Comment, Commenter
from comments.moderation import selection
from comments.thread import search as remarks
from core import lists
from tests.addresses import addresses
from tests.factories import make_article, make_author, make_tag, make_user

SMALL, MORE = 1_000, 2_000
"""Articles of the smaller site, and those that come for the larger one: one a day."""
MOST = 1.3
"""So many times the rows, at three times the size."""
SLACK = 200
"""Rows more: an archive has more months, and a plan may read a month along another index."""
# The words that a reader or a moderator looks for: in most titles, in every comment, nowhere.
WORDS = ("werk", "gedachte", "zzzz")
LISTS = {
    "blog:home": ["page=9"],
    "blog:tag": ["page=9"],
    "authors:author": ["page=9"],
    "blog:year": ["page=3"],
    "blog:search": [f"q={word}" for word in WORDS],
    "comments:search": [f"q={word}" for word in WORDS],
    "comments:search_within": [f"q={word}" for word in WORDS],
    "admin:comments_comment_changelist": ["tab=spam", "tab=reported", "tab=approved"],
}
# Of the articles, a page that is full: the first holds as many as came since it began.
SECTIONS = (
    "articles.xml?p=2", "news.xml", "authors.xml", "tags.xml", "pages.xml", "series.xml",
    "archive.xml",
)  # fmt: skip


def rows_of(statement):
    """The rows that the scans of a statement fetch, by the plan that fetches fewer."""
    return min(_rows_of(statement, sequential) for sequential in ("on", "off"))


def _rows_of(statement, sequential):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = {sequential}")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    nodes = [(json.loads(found) if isinstance(found, str) else found)[0]["Plan"]]
    rows = 0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        # Of a bitmap, what is fetched; the index alone is read for the rest.
        if "Scan" in node["Node Type"] and "Relation Name" in node:
            left = node.get("Rows Removed by Filter", 0)
            left += node.get("Rows Removed by Index Recheck", 0)
            rows += node["Actual Loops"] * (node["Actual Rows"] + left)
    return round(rows)


def cost(client, url):
    """The rows that are read for a page, with the statement that reads most; None for no page."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    if answer.status_code != 200:
        return None
    read = [
        (rows_of(one["sql"]), one["sql"])
        for one in asked.captured_queries
        if re.match(r"\s*\(?(?:SELECT|WITH)\b", one["sql"])
    ]
    return sum(rows for rows, _statement in read), max(read, default=(0, ""))


def pages():
    """Every address of the site whose names and numbers are there, with those that narrow or
    turn its lists; by the name of its pattern, for an owner where it is of the admin."""
    article = Article.objects.published().order_by("-published_at")[7]
    path = article.get_absolute_url()
    comment = Comment.objects.filter(article=article, shown=True).first()
    names = {
        "/2024/05/x/": path, "/2024/05/": path[:9], "/2024/": path[:6],
        "/comment/1/": f"/comment/{comment.pk}/",
        "/author/x/": Author.objects.get(name="Anna").get_absolute_url(),
        "/tag/x/": "/tag/arbeid/", "/a/1/": f"/a/{article.pk}/",
    }  # fmt: skip
    for pattern, name in addresses().items():
        url = pattern
        for before, after in names.items():
            url = url.replace(before, after)
        if found := re.match(r"/admin/(blog|comments|authors|newsletter|interchange)/(\w+)/", url):
            row = apps.get_model(found[1], found[2]).objects.order_by("-pk").first()
            if row is None and re.search(r"/(?:x|1)/", url):
                continue
            url = re.sub(r"/(?:x|1)/", f"/{row.pk}/" if row else "", url)
        if name == "blog:sitemap_section":
            yield from ((f"{name} {one}", f"/sitemap-{one}") for one in SECTIONS)
            continue
        queries = LISTS.get(name, [])
        if name.endswith("_changelist"):
            queries = [*queries, *(f"q={word}" for word in WORDS), "p=4"]
        yield from ((f"{name} {one}", f"{url}?{one}" if one else url) for one in ["", *queries])


def make_site():
    """Rows to copy: articles of two authors with tags, comments, a person."""
    people = [make_author(name, user=make_user(role=Role.AUTHOR)) for name in ("Anna", "Bram")]
    tags = [make_tag("Arbeid"), make_tag("Zorg")]
    words = " ".join(f"woord{number}" for number in range(40))
    articles = [
        make_article(
            f"Over werk {number}" if number else "Over zorg",
            authors=[people[number % 2]], tags=[tags[number % 2]], body=f"<p>{words} {number}.</p>",
        )
        for number in range(4)
    ]  # fmt: skip
    threads.grow(articles[0], 3)
    comments = list(Comment.objects.values_list("pk", flat=True))
    person = Commenter.objects.create(
        name="Cor", email="cor@lezer.example", confirmed_at=timezone.now()
    )
    return {"articles": [one.pk for one in articles], "comments": comments, "people": [person.pk]}


@pytest.mark.django_db
def test_no_page_reads_more_on_a_larger_site(client, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 300)
    monkeypatch.setattr(lists, "MOST", 20)
    monkeypatch.setattr(selection, "MOST", 20)
    monkeypatch.setattr(selection, "_PLACES", 20)
    monkeypatch.setattr(steps, "THOUSAND", 300)
    monkeypatch.setattr(finding, "CANDIDATES", 40)
    monkeypatch.setattr(finding, "_FIRST_WINDOW", 100)
    monkeypatch.setattr(remarks, "_WINDOWS", (100, 400))
    like, found, owner = make_site(), {}, Client()
    owner.force_login(make_user(role=Role.OWNER))
    for size in (SMALL, MORE):
        cache.clear()
        archive.grow(archive.Archive(size, comments=4, hours=24), **like)
        for url in ("/", "/search/?q=iets"):  # What is kept for all pages is there.
            client.get(url)
        for name, url in pages():
            if (read := cost(owner if url.startswith("/admin/") else client, url)) is not None:
                found.setdefault(name, []).append(read)
    # At both sizes: a page that is not there on the smaller site proves nothing.
    found = {name: read for name, read in found.items() if len(read) == 2}
    assert len(found) > 150
    grown = {
        name: f"{small[0]} and {large[0]} rows: {large[1][0]} for {large[1][1][:1500]}"
        for name, (small, large) in found.items()
        if large[0] > MOST * small[0] + SLACK
    }
    assert not grown, "\n".join(f"{name}: {words}" for name, words in grown.items())


def test_no_list_of_the_admin_counts_a_whole_table():
    assert [
        model for model, made in admin.site._registry.items()
        if not issubclass(made.paginator, lists.BoundedPaginator)
        or made.show_full_result_count
        or made.date_hierarchy
    ] == []  # fmt: skip
