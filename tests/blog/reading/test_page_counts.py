"""Reads: people counted, programs not, nothing stored of them, and no query for it."""

import datetime

import pytest
from django.db import DatabaseError
from django.utils import timezone

from blog.models import Article, Reads
from blog.reading import page_counts
from tests.factories import make_article

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture(autouse=True)
def empty():
    page_counts._counts.clear()
    yield
    page_counts._counts.clear()


def counted(article):
    return page_counts._counts[article.pk]


def test_a_page_and_its_confirmation_are_read_and_cost_no_query(client, django_assert_num_queries):
    article = make_article()
    url = article.get_absolute_url()
    client.get(url)  # The settings are known from here on.
    tag = client.get(url, headers={"user-agent": FIREFOX})["ETag"]
    assert counted(article) == 1
    with django_assert_num_queries(1):
        answer = client.get(url, headers={"user-agent": PHONE, "if-none-match": tag})
    assert answer.status_code == 304
    assert counted(article) == 2
    assert not answer.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "curl/8.5.0"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": FIREFOX, "sec-purpose": "prefetch;prerender"},
        {"user-agent": FIREFOX, "purpose": "prefetch"},
        {"user-agent": FIREFOX, "cookie": "sessionid=abc"},
    ],
)
def test_programs_prefetches_and_staff_do_not_count(client, headers):
    article = make_article()
    assert client.get(article.get_absolute_url(), headers=headers).status_code == 200
    assert counted(article) == 0


def test_heads_turned_pages_and_missing_articles_do_not_count(client):
    article, draft = make_article(), make_article(status="draft")
    browser = {"user-agent": FIREFOX}
    client.head(article.get_absolute_url(), headers=browser)
    client.get(f"{article.get_absolute_url()}?sort=newest", headers=browser)
    client.get(draft.get_absolute_url(), headers=browser)
    assert sum(page_counts._counts.values()) == 0


def test_flushes_add_up_by_day_and_outlive_deleted_articles(time_machine):
    time_machine.move_to(datetime.datetime(2026, 3, 28, 23, 30, tzinfo=datetime.UTC))
    first, second = make_article(), make_article()
    for turn in (2, 3):
        page_counts._counts.update({first.pk: turn, second.pk: 1, 999_999_999: 4})
        page_counts.flush()
    assert page_counts.flush() == 0
    today = datetime.date(2026, 3, 29)
    assert list(Reads.objects.order_by("pk").values_list("article", "day", "count")) == [
        (first.pk, today, 5),
        (second.pk, today, 2),
    ]
    assert page_counts.with_reads(Article.objects.all()).get(pk=first.pk).read_count == 5
    assert page_counts.with_reads(Article.objects.all()).get(pk=make_article().pk).read_count == 0


def test_a_database_that_is_away_loses_nothing(monkeypatch):
    article = make_article()
    page_counts._counts[article.pk] = 3

    def away(*args, **kwargs):
        raise DatabaseError("away")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        assert page_counts.flush() == 0
    assert page_counts.flush() == 3
    assert Reads.objects.get().day == timezone.localdate()
