"""Kept pages: which are, in which forms they are given, and that they are everybody's."""

import gzip
import re

import brotli
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from blog.models import Article
from blog.models.shown import UNSEEN, shown_columns
from blog.reading import page_counts, shown
from comments.models import Comment
from config.kept_pages import KINDS, memory
from core import periodic
from core.kept import Finished, Memory
from tests.config.kept_site import addresses, make_site
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

# What stays out of the memory, and why.
NOT_KEPT = {
    # What somebody asks for in words of her own.
    *("blog:search", "comments:search", "comments:search_within"),
    # Of one person, by a token or a login.
    *("blog:preview", "blog:article_mail", "comments:mine", "comments:data", "comments:export"),
    *("comments:confirm", "comments:stop", "comments:follow_confirm", "comments:moderate"),
    *("comments:me", "comments:visits", "comments:held", "comments:decide", "comments:edit"),
    *("comments:delete", "comments:address", "comments:appeal", "newsletter:confirm"),
    "newsletter:stop",
    # Forms, and what they do.
    *("comments:reply", "comments:report", "comments:value", "comments:follow", "newsletter:join"),
    *("comments:request_mine", "comments:inbound"),
    # Redirects, files, and answers of a few bytes that cost no more than to look for them.
    *("blog:short", "blog:icon", "blog:style", "blog:indexnow", "blog:robots", "media"),
    # Asked again and again with a number that goes up.
    "comments:arrivals",
}


def names(resolver, space=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith("admin/"):
                more = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from names(pattern, space + more)
        elif isinstance(pattern, URLPattern) and not str(pattern.pattern).startswith("admin/"):
            yield f"{space}{pattern.name}"


def test_of_every_page_it_is_said_whether_it_is_kept():
    found = set(names(get_resolver()))
    assert found == set(KINDS) | NOT_KEPT
    assert not set(KINDS) & NOT_KEPT


def test_every_table_that_a_kept_page_reads_tells_of_changes(client):
    make_site()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgname = 'shown_changed'"
        )
        triggers = dict(cursor.fetchall())
    columns = triggers["blog_article"].partition("UPDATE OF ")[2].partition(" OR ")[0]
    assert sorted(columns.split(", ")) == shown_columns()
    assert not UNSEEN & set(shown_columns())
    # Of these the version of the thread tells; a page that shows it says so.
    said = {"comments_comment": "threads", "comments_commenter": "threads"}
    kinds = set()
    for url in addresses():
        memory.clear()
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            response = client.get(url)
        kinds.add(response.resolver_match.view_name)
        kind = KINDS[response.resolver_match.view_name]
        read = " ".join(one["sql"] for one in asked.captured_queries)
        for table in set(re.findall(r'(?:FROM|JOIN) "?([a-z_]+)"?', read)):
            if table in said:
                assert kind.threads or kind.said, (url, table)
            elif table not in ("blog_shownversion", "unnest", "newest", "step", "pg_trigger"):
                assert table in triggers, (url, table)
    assert kinds == set(KINDS)


def test_a_kept_page_costs_one_statement_in_every_form(client, django_assert_num_queries):
    make_site()
    url = Article.objects.published().first().get_absolute_url()
    whole = client.get(url)
    policy = whole["Content-Security-Policy"]
    forms = {
        "": "", "gzip": "gzip", "br": "br", "gzip;q=0": "", "br;q=0, gzip": "gzip",
        "gzip;q=0.5, br;q=0.4": "gzip", "*": "br", "identity": "", "br;q=x": "", "x" * 300: "",
    }  # fmt: skip
    for header, encoding in forms.items():
        with django_assert_num_queries(1):
            answer = client.get(url, headers={"accept-encoding": header, "range": "bytes=0-9"})
        assert answer.status_code == 200
        assert answer.get("Content-Encoding", "") == encoding, header
        unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
        assert unpack(answer.content) == whole.content
        assert answer["Vary"] == "Accept-Encoding"
        assert answer["ETag"] == (f"W/{whole['ETag']}" if encoding else whole["ETag"])
        assert answer["Content-Length"] == str(len(answer.content))
        for name in ("Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options"):
            assert answer[name] == whole[name], name
    with django_assert_num_queries(1):
        head = client.head(url)
    assert (head.content, head["Content-Length"]) == (b"", str(len(whole.content)))
    for tag in (whole["ETag"], f"W/{whole['ETag']}", f'"other", {whole["ETag"]}', "*"):
        with django_assert_num_queries(1):
            known = client.get(url, headers={"if-none-match": tag, "accept-encoding": "br"})
        assert (known.status_code, known.content) == (304, b"")
        assert known["Content-Security-Policy"] == policy
        assert "s-maxage" in known["Cache-Control"]
    assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200
    # What is not kept knows conditions and encodings as well.
    missing = client.get("/nergens/", headers={"accept-encoding": "br", "if-none-match": "*"})
    assert missing.status_code == 404


def test_reads_are_counted_when_the_page_is_kept(client, monkeypatch):
    noted = []
    monkeypatch.setattr(page_counts, "note", lambda _request, number: noted.append(number))
    article = make_article()
    for _ in range(3):
        client.get(article.get_absolute_url())
    assert noted == [article.pk] * 3


def test_nothing_personal_is_kept_nor_given(client):
    make_site()
    comment = Comment.objects.first()
    article, address = comment.article, comment.get_absolute_url()
    memory.clear()
    for path in ("/nergens/", "/search/?q=werk", f"{address}?own=x", "/me/", "/mine/", "/a/1/"):
        client.get(path)
    client.post(article.get_absolute_url(), {"text": "x"})
    client.get(article.get_absolute_url(), HTTP_AUTHORIZATION="x")
    client.head("/")
    user = make_user(role="Owner")
    client.force_login(user)
    client.get("/")
    client.get(article.get_absolute_url())
    assert len(memory) == 0
    client.logout()
    client.get("/")
    assert len(memory) == 1
    client.force_login(user)
    assert "Set-Cookie" not in client.get("/")


def test_a_stranger_neither_fills_nor_poisons_the_memory(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", ".blad.example"]
    article = make_article()
    url = article.get_absolute_url()
    plain = client.get(url)
    for number in range(1, 30):
        for query in (f"at={number}", f"x={number}", f"at=0{number}", f"at={number}&at=2", "sort="):
            client.get(f"{url}?{query}")
        client.get(f"/?before={number}-{number}")
    assert len(memory) == 1
    for _ in range(3):
        client.get(f"{url}?sort=newest")
        client.get(f"{url}?at=0")
    assert len(memory) == 2
    # Neither Host nor what else a request says of itself stands in a page.
    memory.clear()
    for headers in (
        {"host": "boos.blad.example", "x-forwarded-host": "boos.example"},
        {"accept": "application/json", "accept-language": "en", "cookie": "a=b"},
    ):
        assert client.get(url, headers=headers).content == plain.content
        assert client.get(url).content == plain.content
        assert client.get(url, secure=True).content == plain.content
        memory.clear()
    client.get(url)
    assert client.get(url, headers={"host": "elders.example"}).status_code == 400


def test_the_memory_is_bounded_and_the_longest_unused_leave():
    small = Memory(90_000)
    page = Finished({}, b"x" * 1_000, small=True, depends=None)
    assert page.weight == 4_000
    for number in range(16):
        small.put(f"/{number}/", page)
        small.get("/0/")
    assert small.get("/0/") is page
    assert small.get("/1/") is None
    assert small.get("/15/") is page
    for _ in range(2):
        for number in range(50):
            small.put(f"/?at={number}", page)
    assert small.get("/15/") is page
    assert small.bytes <= 90_000
    assert len(small) == 15 + 7
    small.put("/large/", Finished({}, b"x" * 40_000, small=True, depends=None))
    assert small.get("/large/") is None
    assert not Memory(0)


def test_recurring_work_that_finds_nothing_lets_pages_hold():
    """A statement that touches no row raises the version too: a job looks before it writes."""
    make_site()
    periodic.discover()
    for job in periodic.JOBS.values():
        job.run()
    before = shown.begin().versions
    raised = []
    for name, job in periodic.JOBS.items():
        job.run()
        after = shown.begin().versions
        if after != before:
            raised.append(name)
        before = after
    assert raised == []
